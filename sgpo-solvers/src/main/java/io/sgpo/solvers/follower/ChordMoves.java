package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;

/**
 * The follower's inner problem at a price λ for a convex non-increasing loss: (1/N) Σ max_z {ℓ(z) −
 * λ|z − ξ_i|}, whose maximum is at ξ_i or at a. A pair moves where its chord slope exceeds λ.
 */
final class ChordMoves implements DualSearch.Inner {
  private final double[] rates;
  private final double[] distances;
  private final double nominal;
  private final double steepest;

  /** O(N): each pair's loss and chord slope. */
  ChordMoves(double[] gaps, Ambiguity ambiguity) {
    GapLoss loss = ambiguity.loss();
    double lower = ambiguity.lower();
    rates = new double[gaps.length];
    distances = new double[gaps.length];
    double steepestRate = 0;
    for (int i = 0; i < gaps.length; i++) {
      rates[i] = loss.chordSlope(lower, gaps[i]);
      distances[i] = gaps[i] - lower;
      steepestRate = Math.max(steepestRate, rates[i]);
    }
    nominal = LossSum.ofAll(gaps, loss) / gaps.length;
    steepest = steepestRate;
  }

  @Override
  public DualSearch.Priced at(double price) {
    CompensatedSum gain = new CompensatedSum();
    CompensatedSum spent = new CompensatedSum();
    for (int i = 0; i < rates.length; i++) {
      if (rates[i] > price) {
        gain.add(rates[i] * distances[i]); // ℓ(a) − ℓ(ξ_i) = c_i (ξ_i − a)
        spent.add(distances[i]);
      }
    }
    return new DualSearch.Priced(
        price, nominal + gain.value() / rates.length, spent.value() / rates.length);
  }

  /** The mean loss of the gaps where they are. */
  double nominal() {
    return nominal;
  }

  /** The largest chord slope: at this price nothing moves. */
  double steepest() {
    return steepest;
  }

  /** m_i of the bracket's mixture; gaps equal to a count as moved. */
  double[] moved(DualSearch.Bracket bracket) {
    double[] moved = new double[rates.length];
    for (int i = 0; i < moved.length; i++) {
      double over = rates[i] > bracket.over().price() ? bracket.share() : 0;
      double within = rates[i] > bracket.within().price() ? 1 - bracket.share() : 0;
      moved[i] = distances[i] == 0 ? 1 : over + within;
    }
    return moved;
  }

  /** The lowest optimal price: the largest slope that the plan within the budget leaves. */
  double price(DualSearch.Bracket bracket) {
    double price = 0;
    for (int i = 0; i < rates.length; i++) {
      if (distances[i] > 0 && rates[i] <= bracket.within().price()) {
        price = Math.max(price, rates[i]);
      }
    }
    return price;
  }
}
