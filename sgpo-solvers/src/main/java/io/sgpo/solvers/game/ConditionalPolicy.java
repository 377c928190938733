package io.sgpo.solvers.game;

import java.util.Arrays;

/**
 * A follower: one distribution over its actions for every action y of the leader, row y being
 * ω(·|y). Implementations are immutable and thread-safe, and may compute their rows on demand.
 */
public interface ConditionalPolicy {

  /** The number of actions, of the leader and of the follower alike. */
  int size();

  /**
   * Writes ω(·|y) to the first {@link #size()} places of {@code target}.
   *
   * @param leaderAction y, in {@code [0, size)}
   */
  void copyRow(int leaderAction, double[] target);

  /** ω(·|y). */
  default Distribution row(int leaderAction) {
    double[] target = new double[size()];
    copyRow(leaderAction, target);
    return Distribution.owning(target);
  }

  /** ω(y'|y) of every pair, one fresh row per leader action. */
  default double[][] toArray() {
    double[][] rows = new double[size()][size()];
    for (int y = 0; y < rows.length; y++) {
      copyRow(y, rows[y]);
    }
    return rows;
  }

  /** The follower that answers every action by the same distribution. */
  static ConditionalPolicy constant(Distribution answer) {
    return new ConditionalPolicy() {
      @Override
      public int size() {
        return answer.size();
      }

      @Override
      public void copyRow(int leaderAction, double[] target) {
        Distribution.requireAction("leaderAction", leaderAction, answer.size());
        answer.copyTo(target);
      }
    };
  }

  /**
   * The follower with these rows.
   *
   * @param rows square; each row is a distribution as {@link Distribution#of} asks; copied
   * @throws IllegalArgumentException if they are not such
   */
  static ConditionalPolicy of(double[][] rows) {
    Distribution[] own = new Distribution[rows.length];
    for (int y = 0; y < rows.length; y++) {
      if (rows[y].length != rows.length) {
        throw new IllegalArgumentException(
            "rows[" + y + "] must have " + rows.length + " entries, but had " + rows[y].length);
      }
      own[y] = Distribution.named("rows[" + y + "]", rows[y]);
    }
    return of(own);
  }

  /** The follower with these rows, one per leader action, each of as many actions. */
  static ConditionalPolicy of(Distribution... rows) {
    Distribution[] own = rows.clone();
    if (Arrays.stream(own).anyMatch(row -> row.size() != own.length)) {
      throw new IllegalArgumentException(
          "rows must all have " + own.length + " actions, as many as there are rows");
    }
    return new ConditionalPolicy() {
      @Override
      public int size() {
        return own.length;
      }

      @Override
      public void copyRow(int leaderAction, double[] target) {
        own[leaderAction].copyTo(target);
      }

      @Override
      public Distribution row(int leaderAction) {
        return own[leaderAction];
      }
    };
  }
}
