package io.sgpo.examples.pages;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.game.KlStrengths;
import io.sgpo.solvers.game.PreferenceGame;
import io.sgpo.solvers.game.StackelbergEquilibrium;
import io.sgpo.solvers.game.StackelbergSolution;

/** The code of docs/solver-only.md. */
final class SolverPage {

  private SolverPage() {}

  /** The worst case. */
  static WorstCase solve(double[] gaps) {
    // begin: solve
    Ambiguity ball = Ambiguity.wasserstein(0.1).supportAround(gaps, 1); // ε, and τ around the gaps
    WorstCase worst = Followers.exact().solve(gaps, ball);
    double value = worst.value(); // the worst expected loss, to within worst.certificate()
    double price = worst.dualPrice(); // what one more unit of ε would cost
    double[] weights = worst.weights(LeaderWeighting.ENVELOPE); // a factor per pair, plain DPO 1
    // end
    if (!(value >= 0 && price >= 0 && weights.length == gaps.length)) {
      throw new AssertionError(value + " at " + price);
    }
    return worst;
  }

  /** A trainer of one's own: logistic regression on differences of features. */
  // begin: trainer
  static double[] train(double[][] differences, double epsilon, int steps, double rate) {
    double[] theta = new double[differences[0].length];
    for (int step = 0; step < steps; step++) {
      double[] gaps = new double[differences.length]; // ξ_i = θ · (φ(chosen) − φ(rejected))
      for (int i = 0; i < gaps.length; i++) {
        for (int j = 0; j < theta.length; j++) {
          gaps[i] += theta[j] * differences[i][j];
        }
      }
      Ambiguity ball = Ambiguity.wasserstein(epsilon).supportAround(gaps, 1);
      double[] slopes = Followers.exact().solve(gaps, ball).orElseThrow().gradient(); // ∂V/∂ξ_i
      for (int i = 0; i < gaps.length; i++) {
        for (int j = 0; j < theta.length; j++) {
          theta[j] -= rate * slopes[i] * differences[i][j];
        }
      }
    }
    return theta;
  }

  // end

  /** A game. */
  static StackelbergSolution play(double[][] preferences) {
    // begin: play
    PreferenceGame game = PreferenceGame.of(preferences); // p[i][j]: i is preferred to j
    StackelbergSolution exact = StackelbergEquilibrium.solve(game, new KlStrengths(0.1, 0.1));
    double[] leader = exact.leader().toArray();
    double[] answerToFirst = exact.follower().row(0).toArray(); // having seen action 0
    // end
    if (leader.length != answerToFirst.length) {
      throw new AssertionError(leader.length + " and " + answerToFirst.length);
    }
    return exact;
  }
}
