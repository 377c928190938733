package io.sgpo.solvers.game;

/**
 * The policy of RLHF: the softmax of fitted rewards.
 *
 * @param leader π(y) ∝ r(y) exp(R(y)/τ)
 * @param fit the rewards R, in logits
 * @param value E_π R − τ KL(π ‖ r) = τ log Σ r exp(R/τ), in logits of reward, not in preference
 * @param preferenceQueries preferences asked for
 */
public record RlhfSolution(
    Distribution leader, BradleyTerryFit fit, double value, long preferenceQueries)
    implements GameSolution {

  /** RLHF knows no opponent: whoever asks again gets π again. */
  @Override
  public ConditionalPolicy follower() {
    return ConditionalPolicy.constant(leader);
  }

  @Override
  public SolveStatus status() {
    return fit.status();
  }

  /** The largest |∂L/∂R| per vote of the Bradley–Terry fit; the softmax is exact. */
  @Override
  public double certificate() {
    return fit.certificate();
  }

  @Override
  public int iterations() {
    return fit.iterations();
  }

  @Override
  public long gradientEvaluations() {
    return iterations() + 1L;
  }
}
