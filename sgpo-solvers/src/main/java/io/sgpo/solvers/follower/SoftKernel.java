package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;

/** The entropic follower's kernel: where a pair's mass goes at a price λ. */
final class SoftKernel {
  private final GapLoss loss;
  private final double lower;
  private final double temperature;
  private final int points;

  SoftKernel(Ambiguity ambiguity, double temperature, int points) {
    this.loss = ambiguity.loss();
    this.lower = ambiguity.lower();
    this.temperature = temperature;
    this.points = points;
  }

  /**
   * The kernel's means for one pair.
   *
   * @param potential T log ∫ exp((ℓ(z) − λ|z − ξ|)/T) dν(z)
   * @param moved the mean displacement, relative to ξ − a
   * @param envelope −∂ potential / ∂ξ, the points moving with ξ in proportion
   * @param kept the mean steepness where the mass ends
   */
  record Spread(double potential, double moved, double envelope, double kept) {}

  /** The kernel of a gap {@code >= a}, O(M). */
  Spread at(double gap, double price) {
    double distance = gap - lower;
    double stay = loss.value(gap);
    double steepness = -loss.slope(gap);
    double[] exponents = new double[points];
    double largest = 0; // that of staying
    for (int j = 0; j < points; j++) {
      double share = (double) j / points;
      double net = loss.value(lower + share * distance) - stay - price * (1 - share) * distance;
      exponents[j] = net / temperature;
      largest = Math.max(largest, exponents[j]);
    }
    double mass = Math.exp(-largest);
    double moved = 0;
    double envelope = mass * steepness;
    double kept = mass * steepness;
    for (int j = 0; j < points; j++) {
      double weight = Math.exp(exponents[j] - largest) / points;
      double share = (double) j / points;
      double there = -loss.slope(lower + share * distance);
      mass += weight;
      moved += weight * (1 - share);
      // ∂/∂ξ [ ℓ(z) − λ(ξ − z) ] with ∂z/∂ξ = j/M
      envelope += weight * (there * share + price * (1 - share));
      kept += weight * there;
    }
    double potential = stay + temperature * (largest + Math.log(mass));
    return new Spread(potential, moved / mass, envelope / mass, kept / mass);
  }

  /** The dual's inner problem over all gaps. */
  DualSearch.Priced over(double[] gaps, double price) {
    CompensatedSum potential = new CompensatedSum();
    CompensatedSum spent = new CompensatedSum();
    for (double gap : gaps) {
      Spread spread = at(gap, price);
      potential.add(spread.potential);
      spent.add(spread.moved * (gap - lower));
    }
    double cost = spent.value() / gaps.length;
    return new DualSearch.Priced(price, potential.value() / gaps.length + price * cost, cost);
  }

  /** The leader's coefficient at a current gap; below a there is nowhere to move. */
  double coefficient(double gap, DualSearch.Bracket bracket) {
    if (gap < lower) {
      return LeaderRules.dpo(gap);
    }
    double envelope =
        bracket.share() * at(gap, bracket.over().price()).envelope
            + (1 - bracket.share()) * at(gap, bracket.within().price()).envelope;
    return LeaderRules.relative(1, envelope, -loss.slope(gap)) * LeaderRules.dpo(gap);
  }
}
