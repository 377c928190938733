package io.sgpo.lm;

import ai.djl.ndarray.NDManager;
import io.sgpo.policy.Sampling;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The next tokens of a batch's rows, each to be drawn once by {@link #draw} before it is closed.
 */
@FunctionalInterface
interface TokenDraw extends AutoCloseable {

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

  /** Lets go of what the tokens are drawn from. */
  @Override
  default void close() {}

  /** The same draws; closing them closes what they are drawn from too. */
  default TokenDraw over(NDManager resource) {
    TokenDraw draw = this;
    return new TokenDraw() {
      @Override
      public Drawn draw(int row, SplittableRandom random) {
        return draw.draw(row, random);
      }

      @Override
      public void close() {
        resource.close();
      }
    };
  }

  /**
   * Keeps the top-k, of those the top-p, and inverts the cumulative distribution of what is kept at
   * a uniform number.
   *
   * @param weights what the probabilities are proportional to, none above 1; a block of the
   *     vocabulary's size per row, to be there until this is closed
   * @param sums of the rows' weights, as {@link CumulativeWeights} has them
   * @param own the policy's log-probabilities of all tokens where the weights are those of a
   *     mixture; else null
   */
  static TokenDraw of(
      Sampling sampling,
      FloatBuffer weights,
      float[] sums,
      int vocabulary,
      float @Nullable [] own) {
    boolean filtered = sampling.topK() > 0 || sampling.topP() < 1;
    CumulativeWeights cumulative = new CumulativeWeights(weights, vocabulary, sums);
    TokenFilter filter = new TokenFilter(sampling);
    float[] ofRow = new float[filtered ? vocabulary : 0];
    return (row, random) -> {
      double sum = requireFinite(cumulative.sum(row));
      double kept = sum;
      int token;
      if (filtered) {
        weights.get(row * vocabulary, ofRow);
        filter.cut(ofRow);
        kept = keptSum(ofRow, filter);
        token = invert(ofRow, filter, random.nextDouble() * kept);
      } else {
        token = cumulative.invert(row, random.nextDouble() * sum);
      }
      double weight = cumulative.weight(row, token);
      double logProb = own == null ? Math.log(weight / sum) : own[row * vocabulary + token];
      return new Drawn(token, logProb, Math.log(weight / kept));
    };
  }

  private static double requireFinite(double sum) {
    if (!Double.isFinite(sum)) {
      throw notFinite(sum);
    }
    return sum;
  }

  private static double keptSum(float[] weights, TokenFilter filter) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      if (filter.keeps(i)) {
        sum += weights[i];
      }
    }
    return sum;
  }

  /** The first kept token at which the cumulative weight exceeds the target. */
  private static int invert(float[] weights, TokenFilter filter, double target) {
    double cumulative = 0;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      float weight = weights[i];
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
