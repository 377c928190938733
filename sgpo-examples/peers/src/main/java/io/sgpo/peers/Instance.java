package io.sgpo.peers;

import io.sgpo.follower.Ambiguity;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.loss.Tangents;
import java.util.SplittableRandom;

/**
 * One instance for all solvers: ξ ~ normal(0.3, 1), ε = 0.1, a = min − 1, b = max + 1, K tangents
 * at equally spaced knots.
 *
 * @param gaps ξ_1..ξ_N
 * @param exact the ball with the logistic loss
 * @param tangents the surrogate
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never changed
record Instance(double[] gaps, Ambiguity exact, Tangents tangents) {

  private static final double RADIUS = 0.1;

  /** The same instance for the same N and K. */
  static Instance of(int size, int tangents) {
    SplittableRandom random = new SplittableRandom(17);
    double[] gaps = new double[size];
    for (int i = 0; i < size; i++) {
      gaps[i] = 0.3 + random.nextGaussian();
    }
    Ambiguity set = Ambiguity.wasserstein(RADIUS).supportAround(gaps, 1);
    return new Instance(gaps, set, Tangents.uniform(tangents, set.lower(), set.upper()));
  }

  /** The ball with the surrogate. */
  Ambiguity surrogate() {
    return exact.loss(tangents);
  }

  /** The value that every solver of the program must reach. */
  double optimum() {
    return Followers.exact().solve(gaps, surrogate()).value();
  }
}
