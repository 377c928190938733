package io.sgpo.policy;

import java.util.Arrays;

/**
 * The log-probabilities (nats) of a response's tokens, in order, each conditioned on the prompt and
 * the tokens before it. Immutable.
 */
public final class LogProbs {

  private final double[] tokens;
  private final double sum;

  private LogProbs(double[] tokens) {
    this.tokens = tokens;
    double total = 0;
    for (double token : tokens) {
      total += token;
    }
    this.sum = total;
  }

  /** The given values, copied. */
  public static LogProbs of(double... tokens) {
    return new LogProbs(tokens.clone());
  }

  /** The number of tokens. */
  public int size() {
    return tokens.length;
  }

  /** log π of the token at a position, {@code 0 <= position < size()}. */
  public double get(int position) {
    return tokens[position];
  }

  /** log π of the whole response: the sum over its tokens. */
  public double sum() {
    return sum;
  }

  /** A copy of the values. */
  public double[] toArray() {
    return tokens.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogProbs that && Arrays.equals(tokens, that.tokens);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return Arrays.toString(tokens);
  }
}
