package io.sgpo.ssapo;

import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.solvers.follower.EntropicFollower;
import io.sgpo.solvers.follower.ExactFollower;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GroupedFollower;
import io.sgpo.spi.Follower;
import io.sgpo.spi.StandardOptions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The follower of SSAPO and how the leader listens to it.
 *
 * @param follower what solves the worst case; the exact one unless set. A loss other than that of
 *     DPO is solved by the Lipschitz follower in its place
 * @param gapScale the scale on which gaps are moved, and the unit of the radius; MARGIN unless set
 * @param radius ε or ρ; ρ = 0.2 unless set
 * @param tangents K {@code >= 1} tangents in place of the loss; 0 (unless set) for the loss itself
 * @param tangentKnots where they touch it; unless set, UNIFORM on margins and PROBABILITY on
 *     probabilities, as the reference implementation of the paper has them
 * @param weighting how the worst case weights the leader's gradient; ENVELOPE unless set
 * @param support [min ξ − 1, max ξ + 1] unless set
 * @param allowSaturation whether a radius that leaves no gradient is only warned of; not unless set
 * @param refresh when it is solved; four times a round unless set
 * @param proximal weight {@code >= 0} of (ρ/2)(ξ_i − z_i*)²; 0 unless set
 * @param weightCap C {@code >= 1}, above which no pair weighs under ATOMS; infinite unless set
 */
public record FollowerOptions(
    Follower follower,
    GapScale gapScale,
    Radius radius,
    int tangents,
    TangentKnots tangentKnots,
    LeaderWeighting weighting,
    SupportRule support,
    boolean allowSaturation,
    Refresh refresh,
    double proximal,
    double weightCap) {

  /** Whether the follower is solved on every batch by itself; see {@link Refresh.Unit#BATCH}. */
  public static final Option<Boolean> BATCH_FOLLOWER = Option.of("batchFollower", Boolean.class);

  /**
   * Whether a pair that a support by quantiles clips has the gradient of the end it is clipped to;
   * none unless set.
   */
  public static final Option<Boolean> STRAIGHT_THROUGH =
      Option.of("straightThrough", Boolean.class);

  /**
   * C {@code >= 1}: no pair weighs more, min(w, C). Read with the weighting ATOMS, which piles what
   * the follower moves onto the pairs of the least gap; none unless set.
   */
  public static final Option<Double> WEIGHT_CAP = Option.of("weightCap", Double.class);

  /**
   * G {@code >= 1}: the follower is solved on random groups of so many pairs, as in the paper. The
   * follower {@code grouped} has 100; with another, or none, it is what solves each group.
   */
  public static final Option<Integer> GROUP_SIZE = Option.of("groupSize", Integer.class);

  /** T {@code > 0} of the follower {@code entropic}, in units of the loss; 0.01 unless set. */
  public static final Option<Double> FOLLOWER_TEMPERATURE =
      Option.of("followerTemperature", Double.class);

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
          StandardOptions.SUPPORT_QUANTILE,
          STRAIGHT_THROUGH,
          StandardOptions.ALLOW_SATURATION,
          StandardOptions.REFRESHES_PER_ROUND,
          StandardOptions.REFRESH_STEPS,
          BATCH_FOLLOWER,
          StandardOptions.PROXIMAL,
          WEIGHT_CAP,
          GROUP_SIZE,
          FOLLOWER_TEMPERATURE);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public FollowerOptions {
    Objects.requireNonNull(follower, "follower");
    Objects.requireNonNull(gapScale, "gapScale");
    Objects.requireNonNull(radius, "radius");
    Objects.requireNonNull(tangentKnots, "tangentKnots");
    Objects.requireNonNull(weighting, "weighting");
    Objects.requireNonNull(support, "support");
    Objects.requireNonNull(refresh, "refresh");
    if (tangents < 0) {
      throw new IllegalArgumentException("tangents must be >= 0, but was " + tangents);
    }
    if (!(proximal >= 0) || Double.isInfinite(proximal)) {
      throw new IllegalArgumentException("proximal must be finite and >= 0, but was " + proximal);
    }
    if (!(weightCap >= 1)) {
      throw new IllegalArgumentException("weightCap must be >= 1, but was " + weightCap);
    }
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @throws IllegalStateException if options contradict each other, or no follower covers the loss
   *     or the labels, naming the option
   */
  static FollowerOptions from(Options options) {
    PairLoss loss = PairLoss.from(options);
    if (!loss.isLogistic()) {
      requireLipschitz(options, loss);
    }
    List<PreferencePair> seeds = options.get(StandardOptions.SEED_PREFERENCES, List.of());
    if (seeds.stream().anyMatch(pair -> pair.probability() < 1)) {
      requireMasses(options);
    }
    GapScale scale = options.get(StandardOptions.GAP_SCALE, GapScale.MARGIN);
    LeaderWeighting weighting = options.get(StandardOptions.WEIGHTING, LeaderWeighting.ENVELOPE);
    if (options.isSet(WEIGHT_CAP) && weighting != LeaderWeighting.ATOMS) {
      throw new IllegalStateException(
          "weightCap must go with weighting ATOMS, but weighting was " + weighting);
    }
    return new FollowerOptions(
        follower(options),
        scale,
        Radius.from(options),
        options.get(StandardOptions.TANGENTS, 0),
        knots(options, scale),
        weighting,
        support(options),
        options.get(StandardOptions.ALLOW_SATURATION, false),
        Refresh.from(options),
        options.get(StandardOptions.PROXIMAL, 0.0),
        options.get(WEIGHT_CAP, Double.POSITIVE_INFINITY));
  }

  /** The follower that was set, or the exact one, with its temperature, in groups. */
  private static Follower follower(Options options) {
    Follower set = options.get(StandardOptions.FOLLOWER).orElseGet(Followers::exact);
    Follower one = options.get(FOLLOWER_TEMPERATURE).map(value -> entropic(set, value)).orElse(set);
    return options
        .get(GROUP_SIZE)
        .map(size -> grouped(one, size, options.get(StandardOptions.SEED, 0L)))
        .orElse(one);
  }

  private static Follower entropic(Follower set, double temperature) {
    if (!(set instanceof EntropicFollower)) {
      refuse("follower must be entropic", "where followerTemperature is set", set.name());
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "followerTemperature must be finite and > 0, but was " + temperature);
    }
    return Followers.entropic(temperature, EntropicFollower.DEFAULT_POINTS);
  }

  private static Follower grouped(Follower one, int size, long seed) {
    boolean grouped = one instanceof GroupedFollower;
    return new GroupedFollower(grouped ? Followers.exact() : one, size, seed);
  }

  private static TangentKnots knots(Options options, GapScale scale) {
    var set = options.get(StandardOptions.TANGENT_KNOTS);
    if (set.isPresent() && options.get(StandardOptions.TANGENTS).isEmpty()) {
      throw new IllegalStateException(
          "tangentKnots must go with tangents, but was " + set.get() + " alone; set tangents too");
    }
    return set.orElse(scale == GapScale.MARGIN ? TangentKnots.UNIFORM : TangentKnots.PROBABILITY);
  }

  private static SupportRule support(Options options) {
    var margin = options.get(StandardOptions.SUPPORT_MARGIN);
    var quantile = options.get(StandardOptions.SUPPORT_QUANTILE);
    if (margin.isPresent() && quantile.isPresent()) {
      throw new IllegalStateException(
          "set either supportMargin or supportQuantile, not both: they were %s and %s"
              .formatted(margin.get(), quantile.get()));
    }
    if (options.isSet(STRAIGHT_THROUGH) && quantile.isEmpty()) {
      throw new IllegalStateException(
          "straightThrough must go with supportQuantile, but was %s alone; set supportQuantile too"
              .formatted(options.get(STRAIGHT_THROUGH, false)));
    }
    return new SupportRule(
        margin.orElse(1.0), quantile.orElse(0.0), options.get(STRAIGHT_THROUGH, false));
  }

  /** Other losses than that of DPO go to the Lipschitz follower, which has its own leader. */
  private static void requireLipschitz(Options options, PairLoss loss) {
    String where = "where loss is " + loss.type() + " and labelSmoothing " + loss.labelSmoothing();
    options
        .get(StandardOptions.FOLLOWER)
        .ifPresent(set -> refuse("follower must not be set", where, set.name()));
    options.get(GROUP_SIZE).ifPresent(size -> refuse("groupSize must not be set", where, size));
    options
        .get(StandardOptions.TANGENTS)
        .ifPresent(set -> refuse("tangents must not be set", where, set));
    options
        .get(StandardOptions.GAP_SCALE)
        .filter(set -> set != GapScale.MARGIN)
        .ifPresent(set -> refuse("gapScale must be MARGIN", where, set));
    options
        .get(StandardOptions.WEIGHTING)
        .filter(set -> set != LeaderWeighting.ENVELOPE && set != LeaderWeighting.UNIFORM)
        .ifPresent(set -> refuse("weighting must be ENVELOPE or UNIFORM", where, set));
  }

  /** Labels that are only probable are masses on either side, which the exact follower takes. */
  private static void requireMasses(Options options) {
    String where = "where seedPreferences have probabilities below 1";
    options
        .get(StandardOptions.FOLLOWER)
        .filter(set -> !(set instanceof ExactFollower))
        .ifPresent(set -> refuse("follower must be exact", where, set.name()));
    options.get(GROUP_SIZE).ifPresent(size -> refuse("groupSize must not be set", where, size));
  }

  private static void refuse(String rule, String where, Object found) {
    throw new IllegalStateException(rule + " " + where + ", but was " + found);
  }
}
