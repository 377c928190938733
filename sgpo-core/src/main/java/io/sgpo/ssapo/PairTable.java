package io.sgpo.ssapo;

import io.sgpo.policy.LogProbs;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.preference.PreferencePair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pairs that the leader is trained on, seeds first, with what is known of each: its reference
 * log-ratio, computed once, and its gap when it was last seen.
 */
final class PairTable {

  private final double beta;
  private final List<TrainingGroup> groups = new ArrayList<>();
  private double[] referenceRatios = new double[0];
  private double[] lastSeen = new double[0];

  PairTable(double beta) {
    this.beta = beta;
  }

  /**
   * Adds a pair whose gap has not been seen.
   *
   * @param referenceRatio log π_ref(y_w | x) − log π_ref(y_l | x)
   */
  void add(PreferencePair pair, double referenceRatio) {
    int size = groups.size();
    if (size == lastSeen.length) {
      int capacity = Math.max(16, 2 * size);
      referenceRatios = Arrays.copyOf(referenceRatios, capacity);
      lastSeen = Arrays.copyOf(lastSeen, capacity);
    }
    groups.add(TrainingGroup.of(pair));
    referenceRatios[size] = referenceRatio;
    lastSeen[size] = Double.NaN;
  }

  int size() {
    return groups.size();
  }

  TrainingGroup group(int pair) {
    return groups.get(pair);
  }

  /** ξ = β (log π(y_w) − log π(y_l) − [log π_ref(y_w) − log π_ref(y_l)]), which is remembered. */
  double see(int pair, LogProbs chosen, LogProbs rejected) {
    double gap = beta * (chosen.sum() - rejected.sum() - referenceRatios[pair]);
    lastSeen[pair] = gap;
    return gap;
  }

  /** The gap of every pair when it was last seen, NaN if it never was; a copy. */
  double[] lastSeen() {
    return Arrays.copyOf(lastSeen, groups.size());
  }
}
