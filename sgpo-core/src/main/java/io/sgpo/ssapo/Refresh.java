package io.sgpo.ssapo;

import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import java.util.Objects;

/**
 * When the follower is solved.
 *
 * @param unit what is counted
 * @param count how many, {@code >= 1}; 1 for {@link Unit#BATCH}
 */
public record Refresh(Unit unit, int count) {

  /** What {@link Refresh#count} counts. */
  public enum Unit {
    /** Solves in a round, at evenly spaced steps, on all gaps when last seen. */
    PER_ROUND,
    /** Steps between solves, on all gaps when last seen. */
    STEPS,
    /**
     * Nothing: every batch is solved by itself, on its gaps as they are, with the lower end of the
     * support that the round's gaps have at its start, or their least gap if that is below.
     */
    BATCH
  }

  /** Four solves a round. */
  public static final Refresh DEFAULT = new Refresh(Unit.PER_ROUND, 4);

  /**
   * @throws IllegalArgumentException if the count is below 1
   */
  public Refresh {
    Objects.requireNonNull(unit, "unit");
    if (count < 1) {
      throw new IllegalArgumentException(
          (unit == Unit.STEPS ? "refreshSteps" : "refreshesPerRound")
              + " must be >= 1, but was "
              + count);
    }
  }

  /**
   * What was set, or the default.
   *
   * @throws IllegalStateException if more than one rule is set
   */
  static Refresh from(Options options) {
    boolean batch = options.get(FollowerOptions.BATCH_FOLLOWER, false);
    var perRound = options.get(StandardOptions.REFRESHES_PER_ROUND);
    var steps = options.get(StandardOptions.REFRESH_STEPS);
    if ((batch ? 1 : 0) + (perRound.isPresent() ? 1 : 0) + (steps.isPresent() ? 1 : 0) > 1) {
      throw new IllegalStateException(
          "set only one of refreshesPerRound, refreshSteps and batchFollower, which were %s, %s and %s"
              .formatted(
                  perRound.map(String::valueOf).orElse("not set"),
                  steps.map(String::valueOf).orElse("not set"),
                  batch));
    }
    if (batch) {
      return new Refresh(Unit.BATCH, 1);
    }
    return perRound
        .map(count -> new Refresh(Unit.PER_ROUND, count))
        .or(() -> steps.map(count -> new Refresh(Unit.STEPS, count)))
        .orElse(DEFAULT);
  }

  /** Whether all gaps are solved before this step, from 0, of so many. */
  boolean isDue(int step, int steps) {
    return switch (unit) {
      case PER_ROUND -> step == 0 || (long) step * count / steps != (step - 1L) * count / steps;
      case STEPS -> step % count == 0;
      case BATCH -> false;
    };
  }
}
