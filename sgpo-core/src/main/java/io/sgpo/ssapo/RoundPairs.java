package io.sgpo.ssapo;

/** Which pairs a round trains on. */
public enum RoundPairs {
  /** The seeds and those of all rounds so far, as SSAPO does. The default. */
  ALL,
  /** The seeds and those that this round annotated. */
  SEEDS_AND_NEWEST,
  /** Those that this round annotated, as SPA does. */
  NEWEST;

  /**
   * Whether a pair is trained on.
   *
   * @param seed whether it is a seed
   * @param newest whether this round annotated it
   */
  boolean takes(boolean seed, boolean newest) {
    return switch (this) {
      case ALL -> true;
      case SEEDS_AND_NEWEST -> seed || newest;
      case NEWEST -> newest;
    };
  }
}
