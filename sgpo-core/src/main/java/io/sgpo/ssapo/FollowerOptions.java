package io.sgpo.ssapo;

import io.sgpo.follower.LeaderWeighting;
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
 * @param radius ε or ρ; ρ = 0.2 unless set
 * @param tangents K {@code >= 1} tangents at uniform knots on the support in place of the logistic
 *     loss; 0 (unless set) for the logistic loss itself
 * @param weighting how the worst case weights the leader's gradient; ENVELOPE unless set
 * @param supportMargin τ {@code > 0} of the support [min ξ − τ, max ξ + τ]; 1 unless set
 * @param allowSaturation whether ε {@code >=} mean ξ − a is only warned of; not unless set
 * @param refreshesPerRound solves per round, {@code >= 1}; 4 unless set
 * @param proximal weight {@code >= 0} of (ρ/2)(ξ_i − z_i*)²; 0 unless set
 */
public record FollowerOptions(
    Follower follower,
    Radius radius,
    int tangents,
    LeaderWeighting weighting,
    double supportMargin,
    boolean allowSaturation,
    int refreshesPerRound,
    double proximal) {

  static final Set<Option<?>> READ =
      Set.of(
          StandardOptions.FOLLOWER,
          StandardOptions.EPSILON,
          StandardOptions.RELATIVE_RADIUS,
          StandardOptions.TANGENTS,
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
    Objects.requireNonNull(radius, "radius");
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

  /** What was set, and the defaults for the rest. */
  static FollowerOptions from(Options options) {
    return new FollowerOptions(
        options.get(StandardOptions.FOLLOWER).orElseGet(Followers::exact),
        Radius.from(options),
        options.get(StandardOptions.TANGENTS, 0),
        options.get(StandardOptions.WEIGHTING, LeaderWeighting.ENVELOPE),
        options.get(StandardOptions.SUPPORT_MARGIN, 1.0),
        options.get(StandardOptions.ALLOW_SATURATION, false),
        options.get(StandardOptions.REFRESHES_PER_ROUND, 4),
        options.get(StandardOptions.PROXIMAL, 0.0));
  }
}
