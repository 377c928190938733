package io.sgpo.solvers.game;

import java.util.Objects;

/**
 * RLHF on a preference game: a Bradley–Terry fit of votes, then the softmax policy of its rewards.
 *
 * <p>Where preferences are cyclic no reward fits, and the answer depends on which pairs were
 * compared. Stateless and thread-safe; deterministic given the feedback's seed.
 */
public final class Rlhf {
  private final BradleyTerry fit;

  /** With the default fit. */
  public Rlhf() {
    this(new BradleyTerry());
  }

  /** With a fit of the caller's. */
  public Rlhf(BradleyTerry fit) {
    this.fit = Objects.requireNonNull(fit, "fit");
  }

  /**
   * Fits and plays.
   *
   * @param kl τ {@code >= 0}, in units of reward (logits); 0 plays the best reward, the first of
   *     equals
   * @param feedback full: every pair compared once, as expected; noisy: likewise with noise,
   *     clipped into [0, 1]; sampled: so many pairs drawn from the leader's reference
   * @throws IllegalArgumentException if τ is not such, or τ {@code >} 0 and the reference lacks
   *     full support
   */
  public RlhfSolution solve(PreferenceGame game, double kl, Feedback feedback) {
    if (feedback instanceof Feedback.Sampled sampled) {
      PairwiseVotes votes =
          PairwiseVotes.sampled(game, game.leaderReference(), sampled.pairs(), sampled.seed());
      return solve(game, kl, votes, (long) votes.total());
    }
    PairwiseVotes votes =
        feedback instanceof Feedback.Noisy noisy
            ? noisyVotes(game, noisy)
            : PairwiseVotes.expected(game);
    return solve(game, kl, votes, StackelbergEquilibrium.pairs(game.size()));
  }

  /** {@link #solve(PreferenceGame, double, Feedback)} for votes that were counted elsewhere. */
  public RlhfSolution solve(PreferenceGame game, double kl, PairwiseVotes votes) {
    return solve(game, kl, votes, Math.round(votes.total()));
  }

  private RlhfSolution solve(PreferenceGame game, double kl, PairwiseVotes votes, long queries) {
    References.requireSupport(game, new KlStrengths(kl, 0));
    if (votes.size() != game.size()) {
      throw new IllegalArgumentException(
          "votes must be on as many actions as the game has, "
              + game.size()
              + ", but were on "
              + votes.size());
    }
    BradleyTerryFit fitted = fit.fit(votes);
    double[] policy = SoftMin.negated(fitted.rewards());
    double[] reference = game.leaderReference().toArray();
    double value = -SoftMin.value(policy, reference, kl);
    SoftMin.weights(policy, reference, kl);
    return new RlhfSolution(Distribution.owning(policy), fitted, value, queries);
  }

  private static PairwiseVotes noisyVotes(PreferenceGame game, Feedback.Noisy feedback) {
    Mixture[] unused = {};
    double[][] wins = PreferenceOracle.of(game, feedback).estimate(new double[0], unused);
    for (int y = 0; y < wins.length; y++) {
      for (int other = 0; other < wins.length; other++) {
        wins[y][other] = y == other ? 0 : Math.max(0, Math.min(1, wins[y][other]));
      }
    }
    return PairwiseVotes.of(wins);
  }
}
