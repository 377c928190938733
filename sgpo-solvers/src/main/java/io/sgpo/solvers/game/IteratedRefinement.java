package io.sgpo.solvers.game;

/**
 * The chance that a user meets a favourite among the first answers: y_1 ∼ π, then y_{i+1} ∼
 * ω(·|y_i), the refinement of SLHF at run time (arXiv 2512.16626). A policy without a follower,
 * Nash or RLHF, draws afresh each time.
 */
public final class IteratedRefinement {
  private IteratedRefinement() {}

  /**
   * The chance to have met the favourite within 1, 2, …, {@code samples} answers.
   *
   * @param leader π
   * @param follower ω
   * @param favourite the action the user waits for
   * @param samples how many answers at most, {@code >= 1}
   * @return one chance per number of answers, not falling; O(samples · n²)
   */
  public static double[] chances(
      Distribution leader, ConditionalPolicy follower, int favourite, int samples) {
    Distribution.requireAction("favourite", favourite, leader.size());
    IterationChecks.atLeastOne("samples", samples);
    requireSameSize(leader, follower);
    double[][] rows = follower.toArray();
    double[] chances = new double[samples];
    double[] waiting = leader.toArray(); // P(y_i = y, favourite not met before i)
    double met = 0;
    for (int i = 0; i < samples; i++) {
      waiting = i == 0 ? waiting : refined(waiting, rows);
      met += waiting[favourite];
      waiting[favourite] = 0;
      chances[i] = Math.min(1, met);
    }
    return chances;
  }

  private static void requireSameSize(Distribution leader, ConditionalPolicy follower) {
    if (leader.size() != follower.size()) {
      throw new IllegalArgumentException(
          "follower must have as many actions as the leader, "
              + leader.size()
              + ", but had "
              + follower.size());
    }
  }

  /** Σ_y waiting(y) ω(·|y). */
  private static double[] refined(double[] waiting, double[][] rows) {
    double[] next = new double[waiting.length];
    for (int y = 0; y < waiting.length; y++) {
      for (int answer = 0; answer < next.length && waiting[y] > 0; answer++) {
        next[answer] += waiting[y] * rows[y][answer];
      }
    }
    return next;
  }

  /**
   * {@link #chances(Distribution, ConditionalPolicy, int, int)} with independent answers: 1 − (1 −
   * π(favourite))^i.
   */
  public static double[] chances(Distribution policy, int favourite, int samples) {
    Distribution.requireAction("favourite", favourite, policy.size());
    IterationChecks.atLeastOne("samples", samples);
    double[] chances = new double[samples];
    double missed = Math.log1p(-Math.min(1, policy.get(favourite)));
    for (int i = 0; i < samples; i++) {
      chances[i] = 0 - Math.expm1((i + 1) * missed);
    }
    return chances;
  }

  /**
   * The chances for a user whose favourite is itself drawn.
   *
   * @param solution its leader and, if it is a Stackelberg solution, its follower
   * @param favourites the distribution of the users' favourites
   * @param samples how many answers at most, {@code >= 1}
   */
  public static double[] expectedChances(
      GameSolution solution, Distribution favourites, int samples) {
    IterationChecks.atLeastOne("samples", samples);
    double[] expected = new double[samples];
    for (int favourite = 0; favourite < favourites.size(); favourite++) {
      if (favourites.get(favourite) > 0) {
        double[] chances = chances(solution, favourite, samples);
        for (int i = 0; i < samples; i++) {
          expected[i] += favourites.get(favourite) * chances[i];
        }
      }
    }
    return expected;
  }

  /** The chances under a solution: refined by its follower, or drawn afresh if it has none. */
  public static double[] chances(GameSolution solution, int favourite, int samples) {
    return solution instanceof StackelbergSolution
        ? chances(solution.leader(), solution.follower(), favourite, samples)
        : chances(solution.leader(), favourite, samples);
  }
}
