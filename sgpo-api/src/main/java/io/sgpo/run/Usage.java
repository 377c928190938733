package io.sgpo.run;

/**
 * What a run has used.
 *
 * @param steps training steps
 * @param tokens response tokens sampled or trained on
 * @param judgeCalls comparisons put to the preference model
 */
public record Usage(long steps, long tokens, long judgeCalls) {

  /** Nothing. */
  public static final Usage NONE = new Usage(0, 0, 0);

  /** Both together. */
  public Usage plus(Usage other) {
    return new Usage(steps + other.steps, tokens + other.tokens, judgeCalls + other.judgeCalls);
  }
}
