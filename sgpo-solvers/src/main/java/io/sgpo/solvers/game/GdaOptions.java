package io.sgpo.solvers.game;

import java.util.Objects;

/**
 * Options of {@link StackelbergGda}.
 *
 * @param leaderRate η_L, the leader's step per iteration, {@code >= 0}; default 0, which takes
 *     {@link StackelbergGda#suitedRate} of the game
 * @param timescaleRatio κ = η_F/η_L {@code >} 0; default 5, as in the paper's smaller run
 * @param iterations at most this many, {@code >= 1}; default 2 000 000
 * @param tolerance stop when the certificate is at most this, {@code >= 0}; default 1e-8
 * @param checkEvery iterations between two looks at the certificate, {@code >= 1}; default 10
 * @param rateDecay both rates are divided by 1 + rateDecay·t, {@code >= 0}; default 0. Sampled and
 *     noisy feedback converge only with some decay
 * @param geometry Euclidean (published, default) or entropic steps
 * @param schedule who moves when; default simultaneous, as published
 * @param follower what the follower does; default gradient steps
 * @param rowWeight how the follower's rows are weighted; default as published
 * @param feedback what is seen of the preferences; default all
 */
public record GdaOptions(
    double leaderRate,
    double timescaleRatio,
    int iterations,
    double tolerance,
    int checkEvery,
    double rateDecay,
    Geometry geometry,
    Schedule schedule,
    FollowerUpdate follower,
    RowWeight rowWeight,
    Feedback feedback) {

  /** Who moves when. */
  public enum Schedule {
    /** Both players step from the same point (published). One gradient per iteration. */
    SIMULTANEOUS,
    /** The follower steps after it has seen the leader's step. Two gradients per iteration. */
    ALTERNATING,
    /** Both step by the gradient of a look-ahead point. Two gradients per iteration. */
    EXTRAGRADIENT
  }

  /** What the follower does. */
  public enum FollowerUpdate {
    /** One gradient step per iteration. */
    GRADIENT,
    /** It plays its exact best response to every action throughout. */
    BEST_RESPONSE
  }

  /** How the follower's rows are weighted in its gradient. */
  public enum RowWeight {
    /** Row y by π(y): the gradient of the game (published). Rows hardly played hardly move. */
    PLAYED,
    /** Every row alike: the same direction, preconditioned by 1/π(y). */
    EQUAL
  }

  /** Checks every option. */
  public GdaOptions {
    IterationChecks.nonNegative("leaderRate", leaderRate);
    IterationChecks.positive("timescaleRatio", timescaleRatio);
    IterationChecks.atLeastOne("iterations", iterations);
    IterationChecks.nonNegative("tolerance", tolerance);
    IterationChecks.atLeastOne("checkEvery", checkEvery);
    IterationChecks.nonNegative("rateDecay", rateDecay);
    Objects.requireNonNull(geometry, "geometry");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(follower, "follower");
    Objects.requireNonNull(rowWeight, "rowWeight");
    Objects.requireNonNull(feedback, "feedback");
  }

  /** The defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.leaderRate = leaderRate;
    builder.timescaleRatio = timescaleRatio;
    builder.iterations = iterations;
    builder.tolerance = tolerance;
    builder.checkEvery = checkEvery;
    builder.rateDecay = rateDecay;
    builder.geometry = geometry;
    builder.schedule = schedule;
    builder.follower = follower;
    builder.rowWeight = rowWeight;
    builder.feedback = feedback;
    return builder;
  }

  /** Collects options; {@link #build()} checks them. */
  public static final class Builder {
    private double leaderRate;
    private double timescaleRatio = 5;
    private int iterations = 2_000_000;
    private double tolerance = 1e-8;
    private int checkEvery = 10;
    private double rateDecay;
    private Geometry geometry = Geometry.EUCLIDEAN;
    private Schedule schedule = Schedule.SIMULTANEOUS;
    private FollowerUpdate follower = FollowerUpdate.GRADIENT;
    private RowWeight rowWeight = RowWeight.PLAYED;
    private Feedback feedback = Feedback.full();

    private Builder() {}

    /** η_L; 0 leaves it to the solver. */
    public Builder leaderRate(double value) {
      leaderRate = value;
      return this;
    }

    /** κ = η_F/η_L. */
    public Builder timescaleRatio(double value) {
      timescaleRatio = value;
      return this;
    }

    /** The most iterations. */
    public Builder iterations(int value) {
      iterations = value;
      return this;
    }

    /** The certificate at which to stop. */
    public Builder tolerance(double value) {
      tolerance = value;
      return this;
    }

    /** Iterations between two looks at the certificate. */
    public Builder checkEvery(int value) {
      checkEvery = value;
      return this;
    }

    /** How fast the rates fall. */
    public Builder rateDecay(double value) {
      rateDecay = value;
      return this;
    }

    /** Euclidean or entropic. */
    public Builder geometry(Geometry value) {
      geometry = value;
      return this;
    }

    /** Simultaneous, alternating or extragradient. */
    public Builder schedule(Schedule value) {
      schedule = value;
      return this;
    }

    /** Gradient steps or best response. */
    public Builder follower(FollowerUpdate value) {
      follower = value;
      return this;
    }

    /** Rows weighted by play or alike. */
    public Builder rowWeight(RowWeight value) {
      rowWeight = value;
      return this;
    }

    /** What is seen of the preferences. */
    public Builder feedback(Feedback value) {
      feedback = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one is outside its domain
     */
    public GdaOptions build() {
      return new GdaOptions(
          leaderRate,
          timescaleRatio,
          iterations,
          tolerance,
          checkEvery,
          rateDecay,
          geometry,
          schedule,
          follower,
          rowWeight,
          feedback);
    }
  }
}
