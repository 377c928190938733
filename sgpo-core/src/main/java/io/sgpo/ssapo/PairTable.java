package io.sgpo.ssapo;

import io.sgpo.policy.LogProbs;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.RunState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pairs that the leader is trained on, seeds first, with what is known of each: where it comes
 * from, its reference log-ratio, computed once, and its gap when it was last seen.
 */
final class PairTable {

  /**
   * Where a pair comes from.
   *
   * @param code i {@code >= 0} for the i-th seed, −1 − j for the j-th annotated pair of the run
   */
  record Origin(long code) {

    static Origin seed(int index) {
      return new Origin(index);
    }

    static Origin annotated(int index) {
      return new Origin(-1L - index);
    }

    PreferencePair pair(List<PreferencePair> seeds, List<AnnotatedPair> annotated) {
      return code >= 0 ? seeds.get((int) code) : annotated.get((int) (-1 - code)).pair();
    }
  }

  private final double beta;
  private final List<TrainingGroup> groups = new ArrayList<>();
  private long[] origins = new long[0];
  private double[] referenceRatios = new double[0];
  private double[] lastSeen = new double[0];

  PairTable(double beta) {
    this.beta = beta;
  }

  /**
   * A table from its state.
   *
   * @param seeds the seeds of the run
   * @param annotated the annotated pairs of the run
   */
  static PairTable of(
      RunState state, double beta, List<PreferencePair> seeds, List<AnnotatedPair> annotated) {
    PairTable table = new PairTable(beta);
    long[] origins = state.integers("origins");
    double[] ratios = state.numbers("referenceRatios");
    for (int i = 0; i < origins.length; i++) {
      Origin origin = new Origin(origins[i]);
      table.add(origin, origin.pair(seeds, annotated), ratios[i]);
    }
    double[] gaps = state.numbers("lastSeen");
    System.arraycopy(gaps, 0, table.lastSeen, 0, gaps.length);
    return table;
  }

  RunState state() {
    return new RunState()
        .put("origins", Arrays.copyOf(origins, size()))
        .put("referenceRatios", Arrays.copyOf(referenceRatios, size()))
        .put("lastSeen", lastSeen());
  }

  /**
   * Adds a pair whose gap has not been seen.
   *
   * @param referenceRatio log π_ref(y_w | x) − log π_ref(y_l | x)
   */
  void add(Origin origin, PreferencePair pair, double referenceRatio) {
    int size = groups.size();
    if (size == lastSeen.length) {
      int capacity = Math.max(16, 2 * size);
      origins = Arrays.copyOf(origins, capacity);
      referenceRatios = Arrays.copyOf(referenceRatios, capacity);
      lastSeen = Arrays.copyOf(lastSeen, capacity);
    }
    groups.add(TrainingGroup.of(pair));
    origins[size] = origin.code();
    referenceRatios[size] = referenceRatio;
    lastSeen[size] = Double.NaN;
  }

  int size() {
    return groups.size();
  }

  TrainingGroup group(int pair) {
    return groups.get(pair);
  }

  /** ξ = β (log π(y_w) − log π(y_l) − [log π_ref(y_w) − log π_ref(y_l)]). */
  double gap(int pair, LogProbs chosen, LogProbs rejected) {
    return beta * (chosen.sum() - rejected.sum() - referenceRatios[pair]);
  }

  /** Remembers a pair's gap. */
  void see(int pair, double gap) {
    lastSeen[pair] = gap;
  }

  /** The gap of every pair when it was last seen, NaN if it never was; a copy. */
  double[] lastSeen() {
    return Arrays.copyOf(lastSeen, groups.size());
  }
}
