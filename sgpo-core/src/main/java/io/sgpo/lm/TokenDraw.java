package io.sgpo.lm;

import io.sgpo.policy.Sampling;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws a token from logits: divide by T, keep the top-k, of those the top-p, invert the cumulative
 * distribution at a uniform number. Equal logits rank by id. Holds the last draw; not thread-safe.
 */
final class TokenDraw {

  private final Sampling sampling;
  private final double[] weights;
  private final long[] ranking;
  private int token;
  private double logProb;
  private double samplingLogProb;

  TokenDraw(Sampling sampling, int vocabulary) {
    this.sampling = sampling;
    this.weights = new double[vocabulary];
    this.ranking = filters(sampling) ? new long[vocabulary] : new long[0];
  }

  private static boolean filters(Sampling sampling) {
    return sampling.topK() > 0 || sampling.topP() < 1;
  }

  /** The token drawn. */
  int token() {
    return token;
  }

  /** Its log-probability under softmax(logits / T), T = 1 for greedy draws. */
  double logProb() {
    return logProb;
  }

  /** Its log-probability under the distribution it was drawn from. */
  double samplingLogProb() {
    return samplingLogProb;
  }

  /**
   * Draws from logits[offset, offset + vocabulary).
   *
   * @throws ArithmeticException if a logit is NaN or +infinity
   */
  void draw(float[] logits, int offset, SplittableRandom random) {
    int best = argMax(logits, offset);
    double top = logits[offset + best];
    double temperature = sampling.logProbTemperature();
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp((logits[offset + i] - top) / temperature);
      sum += weights[i];
    }
    if (!Double.isFinite(sum)) {
      throw new ArithmeticException("logits must be finite, but their softmax sums to " + sum);
    }
    if (sampling.temperature() == 0) {
      choose(best, sum, weights[best]);
    } else if (filters(sampling)) {
      drawFiltered(logits, offset, random, sum);
    } else {
      choose(invert(random.nextDouble() * sum), sum, sum);
    }
  }

  private void choose(int chosen, double sum, double keptSum) {
    token = chosen;
    logProb = Math.log(weights[chosen] / sum);
    samplingLogProb = Math.log(weights[chosen] / keptSum);
  }

  private int argMax(float[] logits, int offset) {
    int best = 0;
    for (int i = 1; i < weights.length; i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  private int invert(double target) {
    double cumulative = 0;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        cumulative += weights[i];
        last = i;
        if (cumulative > target) {
          return i;
        }
      }
    }
    return last;
  }

  private void drawFiltered(float[] logits, int offset, SplittableRandom random, double sum) {
    rank(logits, offset);
    int kept = kept();
    double mass = mass(kept);
    double target = random.nextDouble() * mass;
    double cumulative = 0;
    int chosen = 0;
    for (int i = 0; i < kept; i++) {
      chosen = ranked(i);
      cumulative += weights[chosen];
      if (cumulative > target) {
        break;
      }
    }
    choose(chosen, sum, mass);
  }

  /**
   * Sorts by falling logit, then by id: the sign-folded bits of a float order as the float does.
   */
  private void rank(float[] logits, int offset) {
    for (int i = 0; i < ranking.length; i++) {
      int bits = Float.floatToIntBits(logits[offset + i] + 0.0f);
      int ordered = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
      ranking[i] = ((long) ~ordered << 32) | i;
    }
    Arrays.sort(ranking);
  }

  private int ranked(int place) {
    return (int) ranking[place];
  }

  private double mass(int kept) {
    double mass = 0;
    for (int i = 0; i < kept; i++) {
      mass += weights[ranked(i)];
    }
    return mass;
  }

  private int kept() {
    int topK = sampling.topK() == 0 ? weights.length : Math.min(sampling.topK(), weights.length);
    if (sampling.topP() == 1) {
      return topK;
    }
    double enough = sampling.topP() * mass(topK);
    double cumulative = 0;
    for (int i = 0; i < topK; i++) {
      cumulative += weights[ranked(i)];
      if (cumulative >= enough) {
        return i + 1;
      }
    }
    return topK;
  }
}
