package io.sgpo.follower;

/**
 * The follower's answer: the worst preference distribution in the ambiguity set, its value and its
 * sensitivities. Immutable; arrays are fresh copies, indexed as the gaps were.
 *
 * <p>V(ε) = sup { E_Q ℓ : Q on [a, b], W₁(Q, P̂) ≤ ε }.
 */
public interface WorstCase {

  /** How the solve ended. */
  enum Status {
    /** The radius binds and the certificate holds. */
    SOLVED,
    /** ε = 0: the worst case is the empirical distribution. */
    NOMINAL,
    /**
     * ε {@code >=} mean ξ − a: all mass sits on a, every gradient is zero and training would stall.
     */
    SATURATED,
    /** The solver stopped above its tolerance; see {@link #certificate()}. */
    NOT_CONVERGED
  }

  Status status();

  /** V, the worst-case expected loss. */
  double value();

  /** λ* = ∂V/∂ε, the dual price of the radius; of an interval of prices the lowest. */
  double dualPrice();

  /**
   * The gap at and below which the follower moves mass (the marginal pair's); NaN if none moved.
   */
  double threshold();

  /** ε / (mean ξ − a): 0 is plain DPO, 1 and above leaves no gradient. */
  double saturation();

  /** An upper bound on |V − optimum|, from weak duality. */
  double certificate();

  /** N, the number of gaps. */
  int size();

  /** m_i ∈ [0, 1], the share of pair i's mass that was moved to the lower end of the support. */
  double[] moved();

  /** ∂V/∂ξ_i with the support held fixed, {@code <= 0}. */
  double[] gradient();

  /**
   * w_i, the weight of pair i relative to the loss that was solved (plain DPO has 1).
   *
   * @throws UnsupportedOperationException if this follower does not define that weighting
   */
  double[] weights(LeaderWeighting weighting);

  /**
   * The rule that the leader follows until the next solve.
   *
   * @throws UnsupportedOperationException if this follower does not define that weighting
   */
  LeaderRule leader(LeaderWeighting weighting);

  /**
   * The mean position of pair i's mass in the worst case, z_i* = (1 − m_i) ξ_i + m_i a: the target
   * of the proximal term.
   */
  double[] atoms();

  /**
   * This worst case, if it was solved.
   *
   * @throws IllegalStateException if the solver did not converge
   */
  default WorstCase orElseThrow() {
    if (status() == Status.NOT_CONVERGED) {
      throw new IllegalStateException(
          "the follower did not converge: the certified error is " + certificate());
    }
    return this;
  }
}
