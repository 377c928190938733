package io.sgpo.solvers.game;

import io.sgpo.solvers.game.GdaOptions.FollowerUpdate;
import io.sgpo.solvers.game.GdaOptions.RowWeight;

/**
 * The leader's rate of a run whose options leave it open.
 *
 * <p>A Euclidean step on τ KL is stable near the equilibrium for η τ w/x {@code <} 2 with x the
 * smallest probability of the row and w its weight; half of that bound is taken. Where even that is
 * below {@link #SMALLEST}, no rate is both stable and of use, and {@link #COARSE} ends near the
 * equilibrium, not at it. Entropic steps need only η τ {@code <=} 1, of which half is taken.
 */
final class SuitedRate {
  static final double SMALLEST = 2e-5;
  static final double COARSE = 1e-3;
  private static final double LARGEST_EUCLIDEAN = 0.2;
  private static final double LARGEST_ENTROPIC = 1;

  private SuitedRate() {}

  static double of(PreferenceGame game, KlStrengths strengths, GdaOptions options) {
    if (options.geometry() == Geometry.ENTROPIC) {
      return entropic(strengths, options);
    }
    double[] leader = new StackelbergTarget(game, strengths).leader();
    double rate = LARGEST_EUCLIDEAN;
    if (strengths.leaderKl() > 0) {
      rate = Math.min(rate, SoftMin.smallest(leader) / strengths.leaderKl());
    }
    if (options.follower() == FollowerUpdate.GRADIENT && strengths.followerKl() > 0) {
      rate = Math.min(rate, euclideanFollower(game, strengths, options, leader));
    }
    return rate < SMALLEST ? COARSE : rate;
  }

  private static double entropic(KlStrengths strengths, GdaOptions options) {
    double leader = 0.5 / strengths.leaderKl();
    double follower = 0.5 / (options.timescaleRatio() * strengths.followerKl());
    return Math.min(LARGEST_ENTROPIC, Math.min(leader, follower));
  }

  /** min over rows and answers of ω*(y'|y) / (κ τ_F w(y)). */
  private static double euclideanFollower(
      PreferenceGame game, KlStrengths strengths, GdaOptions options, double[] leader) {
    ConditionalPolicy answers = new BestResponse(game, strengths.followerKl());
    double[] row = new double[game.size()];
    double rate = Double.POSITIVE_INFINITY;
    for (int y = 0; y < row.length; y++) {
      answers.copyRow(y, row);
      double played = Math.max(leader[y], game.leaderReference().get(y));
      double weight = options.rowWeight() == RowWeight.EQUAL ? 1 : played;
      rate = Math.min(rate, SoftMin.smallest(row) / weight);
    }
    return rate / (options.timescaleRatio() * strengths.followerKl());
  }
}
