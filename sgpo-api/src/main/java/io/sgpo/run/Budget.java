package io.sgpo.run;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run may use. It is looked at between two units of work (a training step; a chunk of
 * annotations), so steps are kept exactly, and the others are exceeded by at most one unit.
 *
 * <p>Steps, tokens and judge calls are those of the whole run, also of what it did before it was
 * resumed; the time is that of one call of {@code align()}.
 *
 * @param steps training steps, {@code >= 0}; {@link Long#MAX_VALUE} for no limit
 * @param tokens response tokens that are sampled or trained on, {@code >= 0}
 * @param judgeCalls comparisons put to the preference model, {@code >= 0}
 * @param wallTime time, positive; {@link #FOREVER} for no limit
 */
public record Budget(long steps, long tokens, long judgeCalls, Duration wallTime) {

  /** No limit on time. */
  public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  /** No limit at all. */
  public static final Budget NONE =
      new Budget(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, FOREVER);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public Budget {
    Objects.requireNonNull(wallTime, "wallTime");
    requireNotNegative("steps", steps);
    requireNotNegative("tokens", tokens);
    requireNotNegative("judgeCalls", judgeCalls);
    if (wallTime.isNegative() || wallTime.isZero()) {
      throw new IllegalArgumentException("wallTime must be > 0, but was " + wallTime);
    }
  }

  public static Budget ofSteps(long value) {
    return NONE.withSteps(value);
  }

  public static Budget ofTokens(long value) {
    return NONE.withTokens(value);
  }

  public static Budget ofJudgeCalls(long value) {
    return NONE.withJudgeCalls(value);
  }

  public static Budget ofWallTime(Duration value) {
    return NONE.withWallTime(value);
  }

  public Budget withSteps(long value) {
    return new Budget(value, tokens, judgeCalls, wallTime);
  }

  public Budget withTokens(long value) {
    return new Budget(steps, value, judgeCalls, wallTime);
  }

  public Budget withJudgeCalls(long value) {
    return new Budget(steps, tokens, value, wallTime);
  }

  public Budget withWallTime(Duration value) {
    return new Budget(steps, tokens, judgeCalls, value);
  }

  /**
   * Which of the limits is reached, if one is.
   *
   * @param used what the run has used
   * @param elapsed how long this call of {@code align()} has taken
   */
  public Optional<Ending> exhausted(Usage used, Duration elapsed) {
    if (used.steps() >= steps) {
      return Optional.of(Ending.STEP_BUDGET);
    }
    if (used.tokens() >= tokens) {
      return Optional.of(Ending.TOKEN_BUDGET);
    }
    if (used.judgeCalls() >= judgeCalls) {
      return Optional.of(Ending.JUDGE_BUDGET);
    }
    return elapsed.compareTo(wallTime) >= 0 ? Optional.of(Ending.TIME_BUDGET) : Optional.empty();
  }

  private static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must be >= 0, but was " + value);
    }
  }
}
