package io.sgpo.ssapo;

import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;

/**
 * The radius of the ambiguity set, on the follower's scale.
 *
 * @param value ε {@code >= 0}, or ρ in [0, 1) if relative
 * @param relative whether ε = ρ (mean ξ − a), renewed at every solve
 */
public record Radius(double value, boolean relative) {

  /** ρ = 0.2: the largest relative radius that never clearly hurt in simulation. */
  public static final Radius DEFAULT = new Radius(0.2, true);

  /**
   * @throws IllegalArgumentException if the value is outside its domain
   */
  public Radius {
    if (relative && !(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("relativeRadius must be in [0, 1), but was " + value);
    }
    if (!(value >= 0)) {
      throw new IllegalArgumentException("epsilon must be >= 0, but was " + value);
    }
  }

  /**
   * What was set, or the default.
   *
   * @throws IllegalStateException if both epsilon and relativeRadius are set
   */
  static Radius from(Options options) {
    var epsilon = options.get(StandardOptions.EPSILON);
    var share = options.get(StandardOptions.RELATIVE_RADIUS);
    if (epsilon.isPresent() && share.isPresent()) {
      throw new IllegalStateException(
          "set either epsilon or relativeRadius, not both: they were "
              + epsilon.get()
              + " and "
              + share.get());
    }
    return share
        .map(value -> new Radius(value, true))
        .or(() -> epsilon.map(value -> new Radius(value, false)))
        .orElse(DEFAULT);
  }

  /**
   * ε.
   *
   * @param largestUseful mean ξ − a
   */
  double epsilon(double largestUseful) {
    return relative ? value * largestUseful : value;
  }
}
