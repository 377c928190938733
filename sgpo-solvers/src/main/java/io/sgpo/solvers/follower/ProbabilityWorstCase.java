package io.sgpo.solvers.follower;

import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;

/** A worst case of probabilities, whose gradient and leader are those of the margins. */
final class ProbabilityWorstCase implements WorstCase {
  private final WorstCase worst;
  private final double[] gaps;

  ProbabilityWorstCase(WorstCase worst, double[] gaps) {
    this.worst = worst;
    this.gaps = gaps;
  }

  @Override
  public Status status() {
    return worst.status();
  }

  @Override
  public double value() {
    return worst.value();
  }

  @Override
  public double dualPrice() {
    return worst.dualPrice();
  }

  @Override
  public double threshold() {
    return worst.threshold();
  }

  @Override
  public double saturation() {
    return worst.saturation();
  }

  @Override
  public double certificate() {
    return worst.certificate();
  }

  @Override
  public int size() {
    return gaps.length;
  }

  @Override
  public double[] moved() {
    return worst.moved();
  }

  /** {@inheritDoc} Chain rule: ∂p/∂ξ = p (1 − p). */
  @Override
  public double[] gradient() {
    double[] gradient = worst.gradient();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= ProbabilityScale.probability(gaps[i]) * ProbabilityScale.probability(-gaps[i]);
    }
    return gradient;
  }

  /** {@inheritDoc} A ratio of slopes, the same on both scales. */
  @Override
  public double[] weights(LeaderWeighting weighting) {
    return worst.weights(weighting);
  }

  @Override
  public LeaderRule leader(LeaderWeighting weighting) {
    LeaderRule ofProbability = worst.leader(weighting); // weight times σ(−p)
    return (pair, gap) -> {
      double p = ProbabilityScale.probability(gap);
      double weight = ofProbability.coefficient(pair, p) / LeaderRules.dpo(p);
      return weight * LeaderRules.dpo(gap);
    };
  }

  @Override
  public double[] atoms() {
    return worst.atoms();
  }

  @Override
  public String toString() {
    return "on probabilities: " + worst;
  }
}
