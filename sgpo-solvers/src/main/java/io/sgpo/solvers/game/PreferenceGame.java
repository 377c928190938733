package io.sgpo.solvers.game;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A preference game on finitely many actions: p(y ≻ y') with p + pᵀ = 1 and diagonal ½, and the
 * references r of the leader and r_F(·|y) of the follower. Immutable and thread-safe.
 *
 * <pre>{@code
 * PreferenceGame cycle = PreferenceGame.of(new double[][] {{0.5, 1, 0}, {0, 0.5, 1}, {1, 0, 0.5}});
 * StackelbergSolution best = StackelbergEquilibrium.solve(cycle, new KlStrengths(0.1, 0.1));
 * }</pre>
 */
public final class PreferenceGame {
  private static final double SYMMETRY_TOLERANCE = 1e-9;
  private static final int TILE = 64;

  private final PreferenceMatrix preferences;
  private final Distribution leaderReference;
  private final ConditionalPolicy followerReference;
  private final boolean uniformFollower;

  private PreferenceGame(
      PreferenceMatrix preferences,
      Distribution leaderReference,
      ConditionalPolicy followerReference,
      boolean uniformFollower) {
    this.preferences = preferences;
    this.leaderReference = leaderReference;
    this.followerReference = followerReference;
    this.uniformFollower = uniformFollower;
  }

  /**
   * The game of this matrix with uniform references.
   *
   * @param p square, entries in [0, 1], p + pᵀ = 1 within 1e-9; copied
   * @throws IllegalArgumentException if it is not such; the message names the entry
   */
  public static PreferenceGame of(double[][] p) {
    if (p.length == 0) {
      throw new IllegalArgumentException("p must have at least one action, but had 0");
    }
    return of(DensePreferences.copyOf(p));
  }

  /**
   * The game of a matrix whose entries were rounded, with uniform references: a pair that does not
   * sum to 1 within 1e-9 is replaced by (p(y ≻ y') + 1 − p(y' ≻ y)) / 2 and its complement.
   *
   * @param p square, entries in [0, 1], p + pᵀ = 1 within {@code tolerance}; copied
   * @param tolerance in [0, 1), such as 1e-6 for six decimals
   * @throws IllegalArgumentException if they are not such; the message names the entry
   */
  public static PreferenceGame ofRounded(double[][] p, double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException("tolerance must be in [0, 1), but was " + tolerance);
    }
    if (p.length == 0) {
      throw new IllegalArgumentException("p must have at least one action, but had 0");
    }
    PreferenceMatrix rounded = DensePreferences.copyOf(p);
    double[][] exact = rowsOf(rounded);
    for (int y = 0; y < p.length; y++) {
      for (int other = 0; other <= y; other++) {
        checkPair(rounded, y, other, tolerance);
        if (Math.abs(p[y][other] + p[other][y] - 1) > SYMMETRY_TOLERANCE) {
          exact[y][other] = (p[y][other] + (1 - p[other][y])) / 2;
          exact[other][y] = 1 - exact[y][other];
        }
      }
    }
    return of(exact);
  }

  /**
   * The game of a matrix that stays where it is, with uniform references. Reads every entry once,
   * to check it.
   *
   * @param p entries in [0, 1], p + pᵀ = 1 within 1e-9; not copied
   * @throws IllegalArgumentException if it is not such; the message names the entry
   */
  public static PreferenceGame of(PreferenceMatrix p) {
    int n = p.size();
    if (n < 1) {
      throw new IllegalArgumentException("p must have at least one action, but had " + n);
    }
    for (int top = 0; top < n; top += TILE) {
      for (int left = 0; left <= top; left += TILE) {
        checkTile(p, top, left);
      }
    }
    Distribution uniform = Distribution.uniform(n);
    return new PreferenceGame(p, uniform, ConditionalPolicy.constant(uniform), true);
  }

  /** Checks a tile and its mirror image together, so that both stay in the cache. */
  private static void checkTile(PreferenceMatrix p, int top, int left) {
    int bottom = Math.min(top + TILE, p.size());
    for (int y = top; y < bottom; y++) {
      int right = Math.min(left + TILE - 1, y);
      for (int other = left; other <= right; other++) {
        checkPair(p, y, other, SYMMETRY_TOLERANCE);
      }
    }
  }

  private static void checkPair(PreferenceMatrix p, int y, int other, double tolerance) {
    double there = p.get(y, other);
    double back = p.get(other, y);
    checkEntry(y, other, there);
    checkEntry(other, y, back);
    if (Math.abs(there + back - 1) > tolerance) {
      String place = "p[" + y + "][" + other + "]";
      throw new IllegalArgumentException(
          y == other
              ? place + " must be 0.5, but was " + there
              : place
                  + " + p["
                  + other
                  + "]["
                  + y
                  + "] must be 1 within "
                  + tolerance
                  + ", but was "
                  + there
                  + " + "
                  + back);
    }
  }

  private static void checkEntry(int y, int other, double entry) {
    if (!(entry >= 0 && entry <= 1)) {
      throw new IllegalArgumentException(
          "p[" + y + "][" + other + "] must be in [0, 1], but was " + entry);
    }
  }

  /** This game with another leader reference r. */
  public PreferenceGame withLeaderReference(Distribution reference) {
    requireSize("leaderReference", reference.size());
    return new PreferenceGame(preferences, reference, followerReference, uniformFollower);
  }

  /** This game with another follower reference r_F(·|y). */
  public PreferenceGame withFollowerReference(ConditionalPolicy reference) {
    Objects.requireNonNull(reference, "reference");
    requireSize("followerReference", reference.size());
    return new PreferenceGame(preferences, leaderReference, reference, false);
  }

  private void requireSize(String name, int size) {
    if (size != size()) {
      throw new IllegalArgumentException(
          name + " must have as many actions as the game, " + size() + ", but had " + size);
    }
  }

  /** n, the number of actions. */
  public int size() {
    return preferences.size();
  }

  /** p(y ≻ y'). */
  public double preference(int y, int other) {
    return preferences.get(y, other);
  }

  /** Writes p(y ≻ ·) to the first {@link #size()} places of {@code target}. */
  public void copyRow(int y, double[] target) {
    preferences.copyRow(y, target);
  }

  /** The matrix, one fresh row per action. */
  public double[][] toArray() {
    return rowsOf(preferences);
  }

  private static double[][] rowsOf(PreferenceMatrix p) {
    double[][] rows = new double[p.size()][p.size()];
    for (int y = 0; y < rows.length; y++) {
      p.copyRow(y, rows[y]);
    }
    return rows;
  }

  /** r. */
  public Distribution leaderReference() {
    return leaderReference;
  }

  /** r_F(·|y). */
  public ConditionalPolicy followerReference() {
    return followerReference;
  }

  /** True if the follower's reference is known to be uniform in every row. */
  boolean hasUniformFollower() {
    return uniformFollower;
  }

  /** p(π ≻ π') = Σ π(y) p(y ≻ y') π'(y'), in [0, 1]. */
  public double winRate(Distribution policy, Distribution opponent) {
    requireSize("policy", policy.size());
    requireSize("opponent", opponent.size());
    double[] row = new double[size()];
    double total = 0;
    for (int y = 0; y < size(); y++) {
      if (policy.get(y) > 0) {
        copyRow(y, row);
        double against = 0;
        for (int other = 0; other < row.length; other++) {
          against += row[other] * opponent.get(other);
        }
        total += policy.get(y) * against;
      }
    }
    return total;
  }

  /** The actions that no other action beats: p(y ≻ y') {@code >=} ½ for every y', ascending. */
  public List<Integer> weakCondorcetWinners() {
    List<Integer> winners = new ArrayList<>();
    double[] row = new double[size()];
    for (int y = 0; y < size(); y++) {
      copyRow(y, row);
      if (SoftMin.smallest(row) >= 0.5) {
        winners.add(y);
      }
    }
    return List.copyOf(winners);
  }
}
