package io.sgpo.tabular;

import io.sgpo.policy.Sampling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Distributions over one row's candidates. */
final class Softmax {

  /**
   * A draw.
   *
   * @param candidate the candidate drawn
   * @param samplingLogProb its log-probability under the distribution it was drawn from
   */
  record Draw(int candidate, double samplingLogProb) {}

  private Softmax() {}

  /** log softmax(logits[offset, offset + size) / temperature). */
  static double[] logProbs(double[] logits, int offset, int size, double temperature) {
    double[] scaled = new double[size];
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < size; k++) {
      scaled[k] = logits[offset + k] / temperature;
      max = Math.max(max, scaled[k]);
    }
    double sum = 0;
    for (double value : scaled) {
      sum += Math.exp(value - max);
    }
    double logSum = max + Math.log(sum);
    for (int k = 0; k < size; k++) {
      scaled[k] -= logSum;
    }
    return scaled;
  }

  /**
   * Draws a candidate. Greedy draws take the most probable one, of equal ones the first.
   *
   * @param logProbs log-probabilities at the temperature of the draw
   */
  static Draw draw(double[] logProbs, Sampling sampling, SplittableRandom random) {
    List<Integer> ranked = ranked(logProbs);
    if (sampling.temperature() == 0) {
      return new Draw(ranked.get(0), 0);
    }
    int kept = kept(logProbs, ranked, sampling);
    double mass = 0;
    for (int i = 0; i < kept; i++) {
      mass += Math.exp(logProbs[ranked.get(i)]);
    }
    int candidate = invert(logProbs, ranked.subList(0, kept), random.nextDouble() * mass);
    boolean filtered = kept < logProbs.length;
    return new Draw(
        candidate, filtered ? logProbs[candidate] - Math.log(mass) : logProbs[candidate]);
  }

  /** The first candidate at which the cumulative probability exceeds {@code target}. */
  private static int invert(double[] logProbs, List<Integer> candidates, double target) {
    double cumulative = 0;
    for (int candidate : candidates) {
      cumulative += Math.exp(logProbs[candidate]);
      if (cumulative > target) {
        return candidate;
      }
    }
    return candidates.get(candidates.size() - 1);
  }

  private static List<Integer> ranked(double[] logProbs) {
    List<Integer> order = new ArrayList<>();
    for (int k = 0; k < logProbs.length; k++) {
      order.add(k);
    }
    order.sort(Comparator.comparingDouble((Integer k) -> -logProbs[k]));
    return order;
  }

  /** How many of the ranked candidates top-k, then top-p of what it left, keep. */
  private static int kept(double[] logProbs, List<Integer> ranked, Sampling sampling) {
    int topK = sampling.topK() == 0 ? ranked.size() : Math.min(sampling.topK(), ranked.size());
    if (sampling.topP() == 1) {
      return topK;
    }
    double mass = 0;
    for (int i = 0; i < topK; i++) {
      mass += Math.exp(logProbs[ranked.get(i)]);
    }
    double cumulative = 0;
    for (int i = 0; i < topK; i++) {
      cumulative += Math.exp(logProbs[ranked.get(i)]);
      if (cumulative >= sampling.topP() * mass) {
        return i + 1;
      }
    }
    return topK;
  }
}
