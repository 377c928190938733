package io.sgpo.solvers.stats;

import io.sgpo.policy.Streams;
import io.sgpo.solvers.game.MajorityGraph;
import io.sgpo.solvers.game.PreferenceGame;
import java.util.List;

/**
 * The preference matrix between policies, from judged pairs of their answers: in row i and column
 * j, how often an answer of policy i was preferred to one of policy j. Pairs may be missing.
 * Immutable.
 *
 * <pre>{@code
 * PreferenceMatrixEstimate.Builder judged = PreferenceMatrixEstimate.builder("base", "dpo", "slhf");
 * judged.add(prompt, 2, 0, 0.5); // slhf against base: a tie
 * PreferenceMatrixEstimate matrix = judged.build(seed);
 * matrix.majority().hasCycle();
 * }</pre>
 */
public final class PreferenceMatrixEstimate {
  private final List<String> policies;
  private final JudgedCell[][] cells; // [i][j] for j < i

  private PreferenceMatrixEstimate(List<String> policies, JudgedCell[][] cells) {
    this.policies = policies;
    this.cells = cells;
  }

  /** Starts an empty matrix of these policies. */
  public static Builder builder(String... policies) {
    return new Builder(List.of(policies));
  }

  /** Starts an empty matrix of these policies. */
  public static Builder builder(List<String> policies) {
    return new Builder(List.copyOf(policies));
  }

  /** Collects judgements. Not thread-safe. */
  public static final class Builder {
    private final List<String> policies;
    private final Judgements[][] judged;

    private Builder(List<String> policies) {
      MatrixNames.require("policies", policies, 2);
      this.policies = policies;
      this.judged = new Judgements[policies.size()][];
      for (int i = 0; i < judged.length; i++) {
        judged[i] = new Judgements[i];
        for (int j = 0; j < i; j++) {
          judged[i][j] = new Judgements();
        }
      }
    }

    /**
     * Adds a comparison that was decided.
     *
     * @param prompt the prompt; comparisons of one prompt are resampled together
     * @param first index of the policy whose answer came first
     * @param second index of the other policy
     * @param preference p(first ≻ second) in [0, 1]; ½ is a tie
     * @throws IllegalArgumentException if an argument is outside its domain
     */
    public Builder add(int prompt, int first, int second, double preference) {
      WinRate.requirePreference(pair(first, second).size(), preference);
      pair(first, second).add(prompt, first > second ? preference : 1 - preference);
      return this;
    }

    /** Counts a comparison that a judge declined; it is no tie. */
    public Builder abstain(int first, int second) {
      pair(first, second).abstain();
      return this;
    }

    /** Counts a comparison that no judge answered; it is no tie. */
    public Builder fail(int first, int second) {
      pair(first, second).fail();
      return this;
    }

    private Judgements pair(int first, int second) {
      MatrixNames.requireIndex("first", first, policies.size());
      MatrixNames.requireIndex("second", second, policies.size());
      if (first == second) {
        throw new IllegalArgumentException(
            "first and second must be different policies, but both were " + first);
      }
      return judged[Math.max(first, second)][Math.min(first, second)];
    }

    /** The matrix with 95 % intervals from 2000 resamples. */
    public PreferenceMatrixEstimate build(long seed) {
      return build(WinRate.DEFAULT_RESAMPLES, WinRate.DEFAULT_CONFIDENCE, seed);
    }

    /**
     * The matrix of what was added so far.
     *
     * @param resamples of the bootstrap, {@code >= 1}
     * @param confidence of the intervals, in (0, 1)
     * @param seed of the resamples; each pair has its own stream
     */
    public PreferenceMatrixEstimate build(int resamples, double confidence, long seed) {
      JudgedCell[][] cells = new JudgedCell[judged.length][];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = new JudgedCell[i];
        for (int j = 0; j < i; j++) {
          cells[i][j] =
              judged[i][j].toCell(
                  resamples, confidence, Streams.of(seed, "preference-matrix", i, j));
        }
      }
      return new PreferenceMatrixEstimate(policies, cells);
    }
  }

  /** The policies' names, in the order of rows and columns. */
  public List<String> policies() {
    return policies;
  }

  /** The number of policies. */
  public int size() {
    return policies.size();
  }

  /**
   * What was judged of a pair, seen from the first.
   *
   * @throws IllegalArgumentException if an index is out of range or the two are the same
   */
  public JudgedCell cell(int first, int second) {
    MatrixNames.requireIndex("first", first, size());
    MatrixNames.requireIndex("second", second, size());
    if (first == second) {
      throw new IllegalArgumentException(
          "first and second must be different policies, but both were " + first);
    }
    return first > second ? cells[first][second] : cells[second][first].reversed();
  }

  /** The win rates, a fresh array: ½ on the diagonal, NaN where a pair was never decided. */
  public double[][] rates() {
    double[][] rates = new double[size()][size()];
    for (int i = 0; i < rates.length; i++) {
      for (int j = 0; j < rates.length; j++) {
        rates[i][j] = i == j ? 0.5 : cell(i, j).rate();
      }
    }
    return rates;
  }

  /** Whether every pair was decided at least once. */
  public boolean complete() {
    return majority().complete();
  }

  /** Who beats whom by a strict majority, with its cycles and Condorcet winners. */
  public MajorityGraph majority() {
    return MajorityGraph.of(rates());
  }

  /**
   * The game whose actions are the policies.
   *
   * @throws IllegalStateException if a pair was never decided
   */
  public PreferenceGame toGame() {
    double[][] rates = rates();
    for (int i = 0; i < rates.length; i++) {
      for (int j = 0; j < i; j++) {
        if (Double.isNaN(rates[i][j])) {
          throw new IllegalStateException(
              "every pair must have been decided at least once, but "
                  + policies.get(i)
                  + " and "
                  + policies.get(j)
                  + " never were");
        }
      }
    }
    return PreferenceGame.of(rates);
  }
}
