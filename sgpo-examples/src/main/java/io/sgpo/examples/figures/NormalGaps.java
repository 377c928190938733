package io.sgpo.examples.figures;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The gaps of all pictures and tables: the quantiles (i − ½)/N, i = 1..N, of normal(0.3, 1). The
 * support is [min − 1, max + 1] unless another margin is named.
 */
final class NormalGaps {
  static final int SIZE = 1000;

  private static final double[] GAPS = draw();
  private static final double MEAN = Arrays.stream(GAPS).average().orElseThrow();

  private NormalGaps() {}

  private static double[] draw() {
    NormalDistribution normal = NormalDistribution.of(0.3, 1);
    double[] gaps = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      gaps[i] = normal.inverseCumulativeProbability((i + 0.5) / SIZE);
    }
    return gaps;
  }

  /** A fresh copy, ascending. */
  static double[] gaps() {
    return GAPS.clone();
  }

  /** ℓ of every gap. */
  static double[] losses() {
    return Arrays.stream(GAPS).map(GapLoss.logistic()::value).toArray();
  }

  /** The mean loss, V at ε = 0. */
  static double meanLoss() {
    return Arrays.stream(losses()).average().orElseThrow();
  }

  static Ambiguity ball(double radius) {
    return ball(radius, 1);
  }

  /** The ball on [min − margin, max + margin]. */
  static Ambiguity ball(double radius, double margin) {
    return Ambiguity.wasserstein(radius).supportAround(GAPS, margin);
  }

  /** ε = ρ (mean ξ − a). */
  static double radius(double relative) {
    return relative * saturatingRadius(1);
  }

  /** mean ξ − a, with a that margin below the least gap. */
  static double saturatingRadius(double margin) {
    return MEAN - ball(0, margin).lower();
  }

  static WorstCase exact(double radius) {
    return Followers.exact().solve(GAPS, ball(radius));
  }

  /** The share of the mass that was moved. */
  static double movedShare(WorstCase worst) {
    return Arrays.stream(worst.moved()).average().orElseThrow();
  }
}
