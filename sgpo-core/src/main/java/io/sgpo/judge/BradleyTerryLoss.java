package io.sgpo.judge;

/**
 * The loss of a reward model on one pair (Bradley and Terry 1952; Ouyang et al. 2022, equation 1),
 * with a soft label and a term that holds the rewards around 0 (Eisenstein et al. 2023):
 *
 * <pre>
 * ℓ = −p log σ(r_w − r_l) − (1 − p) log σ(r_l − r_w) + c (r_w + r_l)²
 * </pre>
 */
final class BradleyTerryLoss {

  private BradleyTerryLoss() {}

  /**
   * ℓ.
   *
   * @param chosen r_w
   * @param rejected r_l
   * @param label p, the probability that the chosen one is preferred, in [0, 1]
   * @param centring c {@code >= 0}
   */
  static double value(double chosen, double rejected, double label, double centring) {
    double margin = chosen - rejected;
    double sum = chosen + rejected;
    return label * softplus(-margin) + (1 - label) * softplus(margin) + centring * sum * sum;
  }

  /** ∂ℓ/∂r_w = σ(r_w − r_l) − p + 2c (r_w + r_l) and ∂ℓ/∂r_l. */
  static double[] gradient(double chosen, double rejected, double label, double centring) {
    double slope = Sigmoid.of(chosen - rejected) - label;
    double centre = 2 * centring * (chosen + rejected);
    return new double[] {slope + centre, -slope + centre};
  }

  /** log(1 + e^x) without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
