package io.sgpo.solvers.follower;

import io.sgpo.follower.WorstCase.Status;

/** The worst case over distributions on the observed pairs. Immutable. */
public final class Reweighted {
  private final Status status;
  private final double value;
  private final double multiplier;
  private final double certificate;
  private final double[] weights;

  /** Keeps the array. */
  Reweighted(Status status, double value, double multiplier, double certificate, double[] weights) {
    this.status = status;
    this.value = value;
    this.multiplier = multiplier;
    this.certificate = certificate;
    this.weights = weights;
  }

  /**
   * {@link Status#SATURATED} if all weight is on the largest loss, {@link Status#NOMINAL} if the
   * ball holds the empirical distribution only.
   */
  public Status status() {
    return status;
  }

  /** The worst-case expected loss, (1/N) Σ w_i ℓ_i. */
  public double value() {
    return value;
  }

  /** The dual variable that the ball's factory method names. */
  public double multiplier() {
    return multiplier;
  }

  /** An upper bound on |value − optimum|, rounding aside, from weak duality. */
  public double certificate() {
    return certificate;
  }

  /** w_i = N q_i {@code >= 0}, of mean 1; a fresh copy. */
  public double[] weights() {
    return weights.clone();
  }

  @Override
  public String toString() {
    return "Reweighted["
        + status
        + ", value="
        + value
        + ", multiplier="
        + multiplier
        + ", size="
        + weights.length
        + "]";
  }
}
