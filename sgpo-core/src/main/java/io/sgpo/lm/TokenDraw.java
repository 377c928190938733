package io.sgpo.lm;

import io.sgpo.policy.Sampling;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The next tokens of a batch's rows, each to be drawn once by {@link #draw}. */
@FunctionalInterface
interface TokenDraw {

  /**
   * A draw.
   *
   * @param token the token drawn
   * @param logProb its log-probability under the policy, softmax(logits / T), T = 1 for greedy
   *     draws
   * @param samplingLogProb its log-probability under the distribution it was drawn from
   */
  record Drawn(int token, double logProb, double samplingLogProb) {}

  /**
   * Draws the token of a row.
   *
   * @throws ArithmeticException if a logit of the row is NaN or +infinity
   */
  Drawn draw(int row, SplittableRandom random);

  /**
   * The most probable tokens.
   *
   * @param tokens a token per row
   * @param logProbs its log-probability
   * @param own the policy's log-probabilities of all tokens, a block per row, where the token is
   *     the best of a mixture; else null
   */
  static TokenDraw greedy(long[] tokens, float[] logProbs, float @Nullable [] own) {
    return (row, random) -> {
      int token = (int) tokens[row];
      if (!Float.isFinite(logProbs[row])) {
        throw notFinite(logProbs[row]);
      }
      int vocabulary = own == null ? 0 : own.length / tokens.length;
      return new Drawn(token, own == null ? logProbs[row] : own[row * vocabulary + token], 0);
    };
  }

  /**
   * Keeps the top-k, of those the top-p, and inverts the cumulative distribution of what is kept at
   * a uniform number.
   *
   * @param weights what the probabilities are proportional to, the largest of a row being 1; a
   *     block of the vocabulary's size per row
   * @param own the policy's log-probabilities of all tokens where the weights are those of a
   *     mixture; else null
   */
  static TokenDraw of(Sampling sampling, float[] weights, int vocabulary, float @Nullable [] own) {
    boolean filtered = sampling.topK() > 0 || sampling.topP() < 1;
    TokenFilter filter = new TokenFilter(sampling);
    CumulativeWeights cumulative = new CumulativeWeights();
    return (row, random) -> {
      int offset = row * vocabulary;
      double sum = requireFinite(cumulative.sum(weights, offset, vocabulary));
      double kept = sum;
      int token;
      if (filtered) {
        filter.cut(weights, offset, vocabulary);
        kept = keptSum(weights, offset, vocabulary, filter);
        token = invert(weights, offset, vocabulary, filter, random.nextDouble() * kept);
      } else {
        token = cumulative.invert(random.nextDouble() * sum);
      }
      double weight = weights[offset + token];
      double logProb = own == null ? Math.log(weight / sum) : own[offset + token];
      return new Drawn(token, logProb, Math.log(weight / kept));
    };
  }

  private static double requireFinite(double sum) {
    if (!Double.isFinite(sum)) {
      throw notFinite(sum);
    }
    return sum;
  }

  private static double keptSum(float[] weights, int offset, int size, TokenFilter filter) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      if (filter.keeps(i)) {
        sum += weights[offset + i];
      }
    }
    return sum;
  }

  /** The first kept token at which the cumulative weight exceeds the target. */
  private static int invert(
      float[] weights, int offset, int size, TokenFilter filter, double target) {
    double cumulative = 0;
    int last = 0;
    for (int i = 0; i < size; i++) {
      float weight = weights[offset + i];
      if (weight > 0 && filter.keeps(i)) {
        cumulative += weight;
        last = i;
        if (cumulative > target) {
          return i;
        }
      }
    }
    return last;
  }

  private static ArithmeticException notFinite(double value) {
    return new ArithmeticException("logits must be finite, but their softmax sums to " + value);
  }
}
