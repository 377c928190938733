package io.sgpo.solvers.game;

/** Rewards fitted to votes. Immutable. */
public final class BradleyTerryFit {
  private final double[] rewards;
  private final double logLikelihood;
  private final SolveStatus status;
  private final double certificate;
  private final int iterations;

  BradleyTerryFit(
      double[] rewards,
      double logLikelihood,
      SolveStatus status,
      double certificate,
      int iterations) {
    this.rewards = rewards;
    this.logLikelihood = logLikelihood;
    this.status = status;
    this.certificate = certificate;
    this.iterations = iterations;
  }

  /** R, in logits, mean zero; a fresh copy. */
  public double[] rewards() {
    return rewards.clone();
  }

  /** Σ wins(y, y') log σ(R(y) − R(y')), without the ridge. */
  public double logLikelihood() {
    return logLikelihood;
  }

  /** How the fit ended. */
  public SolveStatus status() {
    return status;
  }

  /** The largest |∂L/∂R| per vote. */
  public double certificate() {
    return certificate;
  }

  /** Newton steps taken. */
  public int iterations() {
    return iterations;
  }
}
