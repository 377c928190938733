package io.sgpo.ssapo;

import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.spi.Follower;
import io.sgpo.spi.StandardOptions;
import java.util.Objects;
import java.util.Set;

/**
 * The follower of SSAPO and how the leader listens to it.
 *
 * @param follower what solves the worst case; the exact one unless set
 * @param gapScale the scale on which gaps are moved, and the unit of the radius; MARGIN unless set
 * @param radius ε or ρ; ρ = 0.2 unless set
 * @param tangents K {@code >= 1} tangents in place of the loss; 0 (unless set) for the loss itself
 * @param tangentKnots where they touch it; unless set, UNIFORM on margins and PROBABILITY on
 *     probabilities, as the reference implementation of the paper has them
 * @param weighting how the worst case weights the leader's gradient; ENVELOPE unless set
 * @param supportMargin τ {@code > 0} of the support [min ξ − τ, max ξ + τ], in units of margin on
 *     either scale; 1 unless set
 * @param allowSaturation whether a radius that leaves no gradient is only warned of; not unless set
 * @param refreshesPerRound solves per round, {@code >= 1}; 4 unless set
 * @param proximal weight {@code >= 0} of (ρ/2)(ξ_i − z_i*)²; 0 unless set
 */
public record FollowerOptions(
    Follower follower,
    GapScale gapScale,
    Radius radius,
    int tangents,
    TangentKnots tangentKnots,
    LeaderWeighting weighting,
    double supportMargin,
    boolean allowSaturation,
    int refreshesPerRound,
    double proximal) {

  static final Set<Option<?>> READ =
      Set.of(
          StandardOptions.FOLLOWER,
          StandardOptions.GAP_SCALE,
          StandardOptions.EPSILON,
          StandardOptions.RELATIVE_RADIUS,
          StandardOptions.TANGENTS,
          StandardOptions.TANGENT_KNOTS,
          StandardOptions.WEIGHTING,
          StandardOptions.SUPPORT_MARGIN,
          StandardOptions.ALLOW_SATURATION,
          StandardOptions.REFRESHES_PER_ROUND,
          StandardOptions.PROXIMAL);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public FollowerOptions {
    Objects.requireNonNull(follower, "follower");
    Objects.requireNonNull(gapScale, "gapScale");
    Objects.requireNonNull(radius, "radius");
    Objects.requireNonNull(tangentKnots, "tangentKnots");
    Objects.requireNonNull(weighting, "weighting");
    if (tangents < 0) {
      throw new IllegalArgumentException("tangents must be >= 0, but was " + tangents);
    }
    if (!(supportMargin > 0) || Double.isInfinite(supportMargin)) {
      throw new IllegalArgumentException(
          "supportMargin must be finite and > 0, but was " + supportMargin);
    }
    if (refreshesPerRound < 1) {
      throw new IllegalArgumentException(
          "refreshesPerRound must be >= 1, but was " + refreshesPerRound);
    }
    if (!(proximal >= 0) || Double.isInfinite(proximal)) {
      throw new IllegalArgumentException("proximal must be finite and >= 0, but was " + proximal);
    }
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @throws IllegalStateException if tangentKnots is set and tangents is not
   */
  static FollowerOptions from(Options options) {
    GapScale scale = options.get(StandardOptions.GAP_SCALE, GapScale.MARGIN);
    return new FollowerOptions(
        options.get(StandardOptions.FOLLOWER).orElseGet(Followers::exact),
        scale,
        Radius.from(options),
        options.get(StandardOptions.TANGENTS, 0),
        knots(options, scale),
        options.get(StandardOptions.WEIGHTING, LeaderWeighting.ENVELOPE),
        options.get(StandardOptions.SUPPORT_MARGIN, 1.0),
        options.get(StandardOptions.ALLOW_SATURATION, false),
        options.get(StandardOptions.REFRESHES_PER_ROUND, 4),
        options.get(StandardOptions.PROXIMAL, 0.0));
  }

  private static TangentKnots knots(Options options, GapScale scale) {
    var set = options.get(StandardOptions.TANGENT_KNOTS);
    if (set.isPresent() && options.get(StandardOptions.TANGENTS).isEmpty()) {
      throw new IllegalStateException(
          "tangentKnots must go with tangents, but was " + set.get() + " alone; set tangents too");
    }
    return set.orElse(scale == GapScale.MARGIN ? TangentKnots.UNIFORM : TangentKnots.PROBABILITY);
  }
}
