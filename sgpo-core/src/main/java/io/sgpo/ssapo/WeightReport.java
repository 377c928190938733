package io.sgpo.ssapo;

import io.sgpo.run.GapReport.PairWeight;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is to report of the atoms' weights. One that is NaN is not defined, since the loss has
 * no slope there, and is left out; if all are, nothing is reported.
 */
record WeightReport(Map<Metric, Double> metrics, List<PairWeight> pairs) {

  /**
   * @param weights of the atoms
   */
  static WeightReport of(LabelledGaps labelled, double[] weights) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double mass = 0;
    double sum = 0;
    double squares = 0;
    for (int atom = 0; atom < weights.length; atom++) {
      double weight = weights[atom];
      if (!Double.isNaN(weight)) {
        min = Math.min(min, weight);
        max = Math.max(max, weight);
        mass += labelled.mass(atom);
        sum += labelled.mass(atom) * weight;
        squares += labelled.mass(atom) * weight * weight;
      }
    }
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    if (mass > 0) {
      metrics.put(Metrics.WEIGHT_MIN, min);
      metrics.put(Metrics.WEIGHT_MEAN, sum / mass);
      metrics.put(Metrics.WEIGHT_MAX, max);
      // (Σ w)² / (N Σ w²); no weight at all is worth no pair
      metrics.put(Metrics.EFFECTIVE_SAMPLE_SHARE, squares == 0 ? 0 : sum * sum / (mass * squares));
    }
    return new WeightReport(metrics, pairs(labelled, weights));
  }

  /** Of the pairs' gaps, not of those that the other labels would have. */
  private static List<PairWeight> pairs(LabelledGaps labelled, double[] weights) {
    double[] gaps = labelled.gaps();
    List<PairWeight> pairs = new ArrayList<>(gaps.length);
    for (int i = 0; i < gaps.length; i++) {
      if (!Double.isNaN(weights[i])) {
        pairs.add(new PairWeight(gaps[i], weights[i]));
      }
    }
    return pairs;
  }
}
