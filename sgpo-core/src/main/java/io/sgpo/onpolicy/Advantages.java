package io.sgpo.onpolicy;

import io.sgpo.spi.StandardOptions.Baseline;

/** Payoffs less their baseline. */
public final class Advantages {

  private static final double HALF = 0.5;

  private Advantages() {}

  /**
   * The advantage of every answer among answers to the same prompt. An answer that is alone has the
   * baseline ½.
   *
   * @param payoffs of the answers
   */
  public static double[] of(Baseline baseline, double[] payoffs) {
    double[] advantages = new double[payoffs.length];
    for (int i = 0; i < payoffs.length; i++) {
      boolean alone = baseline == Baseline.HALF || payoffs.length == 1;
      advantages[i] = payoffs[i] - (alone ? HALF : meanOfOthers(payoffs, i));
    }
    return advantages;
  }

  /**
   * The mean of all values but one.
   *
   * @param values at least two
   */
  public static double meanOfOthers(double[] values, int one) {
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      sum += k == one ? 0 : values[k];
    }
    return sum / (values.length - 1);
  }
}
