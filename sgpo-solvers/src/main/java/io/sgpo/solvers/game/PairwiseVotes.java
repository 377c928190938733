package io.sgpo.solvers.game;

import io.sgpo.policy.Streams;
import java.util.SplittableRandom;

/** Votes of pairs of actions: how often each was preferred to each. Immutable. */
public final class PairwiseVotes {
  private final double[][] wins;
  private final double total;

  private PairwiseVotes(double[][] wins) {
    this.wins = wins;
    double sum = 0;
    for (double[] row : wins) {
      for (double count : row) {
        sum += count;
      }
    }
    this.total = sum;
  }

  /**
   * Votes as counted.
   *
   * @param wins wins[y][y'] = how often y was preferred to y', a tie counting ½ on both sides;
   *     square, finite, {@code >= 0}, zero diagonal; copied
   * @throws IllegalArgumentException if they are not such
   */
  public static PairwiseVotes of(double[][] wins) {
    double[][] own = new double[wins.length][];
    for (int y = 0; y < wins.length; y++) {
      if (wins[y].length != wins.length) {
        throw new IllegalArgumentException(
            "wins must be square: row "
                + y
                + " must have "
                + wins.length
                + " entries, but had "
                + wins[y].length);
      }
      own[y] = wins[y].clone();
      for (int other = 0; other < own.length; other++) {
        check(y, other, own[y][other]);
      }
    }
    return new PairwiseVotes(own);
  }

  private static void check(int y, int other, double count) {
    boolean allowed = y == other ? count == 0 : count >= 0 && count < Double.POSITIVE_INFINITY;
    if (!allowed) {
      throw new IllegalArgumentException(
          "wins["
              + y
              + "]["
              + other
              + "] must be finite and >= 0, and 0 on the diagonal, but was "
              + count);
    }
  }

  /** The votes to be expected when every pair is compared once. */
  public static PairwiseVotes expected(PreferenceGame game) {
    double[][] wins = game.toArray();
    for (int y = 0; y < wins.length; y++) {
      wins[y][y] = 0;
    }
    return new PairwiseVotes(wins);
  }

  /**
   * Votes on drawn pairs: both actions are drawn from {@code proposal}, a pair of the same action
   * twice is dropped, and y wins with probability p(y ≻ y').
   *
   * @param pairs how many pairs to draw, {@code >= 1}
   */
  public static PairwiseVotes sampled(
      PreferenceGame game, Distribution proposal, int pairs, long seed) {
    IterationChecks.atLeastOne("pairs", pairs);
    SplittableRandom random = Streams.of(seed, "pairwise-votes");
    double[][] wins = new double[game.size()][game.size()];
    for (int pair = 0; pair < pairs; pair++) {
      int y = proposal.sample(random);
      int other = proposal.sample(random);
      boolean won = random.nextDouble() < game.preference(y, other);
      if (y != other) {
        wins[won ? y : other][won ? other : y]++;
      }
    }
    return new PairwiseVotes(wins);
  }

  /** The number of actions. */
  public int size() {
    return wins.length;
  }

  /** How often y was preferred to {@code other}. */
  public double wins(int y, int other) {
    return wins[y][other];
  }

  /** The number of votes. */
  public double total() {
    return total;
  }

  /**
   * Whether every action beats every other through some chain of wins. This is Ford's condition
   * (1957): exactly then does an unpenalised Bradley–Terry fit exist.
   */
  public boolean isStronglyConnected() {
    return size() > 0 && reachesAll(true) && reachesAll(false);
  }

  private boolean reachesAll(boolean forward) {
    boolean[] seen = new boolean[size()];
    int[] stack = new int[size()];
    int top = 1; // action 0 lies on the stack
    int reached = 1;
    seen[0] = true;
    while (top > 0) {
      int y = stack[--top];
      for (int other = 0; other < seen.length; other++) {
        double edge = forward ? wins[y][other] : wins[other][y];
        if (edge > 0 && !seen[other]) {
          seen[other] = true;
          stack[top++] = other;
          reached++;
        }
      }
    }
    return reached == size();
  }
}
