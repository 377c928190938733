package io.sgpo.preference;

import java.util.Objects;

/**
 * What a preference model says of a {@link Comparison}: a probability, an abstention or a failure.
 * A tie is a {@link Preference} of ½; an abstention or a failure is never a tie and contributes
 * nothing to training.
 */
public sealed interface Verdict {

  /** The verdict that {@code first} is preferred with the given probability. */
  static Verdict of(double probability) {
    return new Preference(probability);
  }

  /**
   * p(first ≻ second | x).
   *
   * @param probability in [0, 1]
   */
  record Preference(double probability) implements Verdict {

    /**
     * @throws IllegalArgumentException if the probability is outside [0, 1] or NaN
     */
    public Preference {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("probability must be in [0, 1], but was " + probability);
      }
    }
  }

  /**
   * The judge understood and declined to decide, or can never decide this comparison.
   *
   * @param reason why, for the counts
   */
  record Abstention(String reason) implements Verdict {
    public Abstention {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The judge could not be asked or not be understood; asked again, it may answer. Where all that a
   * unit of a run asks fails, again and again, the judge is taken to be down.
   *
   * @param reason why, for the counts
   */
  record Failure(String reason) implements Verdict {
    public Failure {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
