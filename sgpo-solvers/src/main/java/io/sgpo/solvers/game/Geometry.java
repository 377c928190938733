package io.sgpo.solvers.game;

/** The distance in which a gradient step on the simplex is measured. */
public enum Geometry {
  /**
   * Projected gradient steps (as StackelbergGDA was published). The logarithm in the gradient of
   * the KL term is taken at no less than 1e-12. Stable only for rates below about 2 π_min/τ, so
   * suited to penalties that keep every action well played.
   */
  EUCLIDEAN {
    @Override
    void ascend(Mixture base, Mixture at, double[] gain, double rate, Penalty penalty, Mixture to) {
      double[] x = to.probabilities;
      for (int i = 0; i < x.length; i++) {
        double pull = penalty.tau() * (at.logProbs[i] - penalty.logReference()[i]);
        x[i] = base.probabilities[i] + rate * (gain[i] - pull); // x ← Π_Δ(x + η ∇f)
      }
      Simplex.projectInPlace(x);
      for (int i = 0; i < x.length; i++) {
        to.logProbs[i] = Math.log(Math.max(x[i], Mixture.FLOOR));
      }
    }
  },

  /**
   * Mirror steps in the entropy, multiplicative weights: x ∝ x^{1−ητ} r^{ητ} exp(η g). Needs ητ
   * {@code <=} 1. No condition on π_min.
   */
  ENTROPIC {
    @Override
    void ascend(Mixture base, Mixture at, double[] gain, double rate, Penalty penalty, Mixture to) {
      double forget = rate * penalty.tau();
      for (int i = 0; i < gain.length; i++) {
        // log x ← (1 − ητ) log x + ητ log r + η g
        to.logProbs[i] =
            (forget == 1 ? 0 : (1 - forget) * base.logProbs[i])
                + forget * penalty.logReference()[i]
                + rate * gain[i];
      }
      to.normalise();
    }
  };

  /** The penalty τ KL(x ‖ r) of a step, by the logarithms of r. */
  @SuppressWarnings("ArrayRecordComponent") // internal, never shared
  record Penalty(double tau, double[] logReference) {}

  /**
   * One step of ascent on ⟨gain, x⟩ − τ KL(x ‖ r) from {@code base}, the gradient of the penalty
   * taken at {@code at} (the entropic step takes it implicitly).
   */
  abstract void ascend(
      Mixture base, Mixture at, double[] gain, double rate, Penalty penalty, Mixture to);
}
