package io.sgpo.solvers.game;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * V(y) = min_ω { Σ ω(y') p(y ≻ y') + τ_F KL(ω ‖ r_F(·|y)) }, what every leader action is worth
 * against the follower's best response.
 *
 * <p>One pass over the matrix with one row of memory per thread; rows are independent, so the
 * number of threads does not change a bit of the result.
 */
final class RowValues {
  private static final int PARALLEL_SIZE = 256;
  private static final int CHUNK = 16;

  private final PreferenceGame game;
  private final double followerKl;
  private final double[] values;

  private RowValues(PreferenceGame game, double followerKl) {
    this.game = game;
    this.followerKl = followerKl;
    this.values = new double[game.size()];
  }

  /**
   * The values, and at τ_F = 0 the number of rows whose minimum is not unique.
   *
   * @param values V, one per action
   * @param tiedRows 0 at τ_F {@code >} 0
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, handed over, never shared
  record Result(double[] values, int tiedRows) {}

  static Result of(PreferenceGame game, double followerKl) {
    RowValues run = new RowValues(game, followerKl);
    int chunks = (game.size() + CHUNK - 1) / CHUNK;
    IntStream all = IntStream.range(0, chunks);
    IntStream spread = game.size() >= PARALLEL_SIZE ? all.parallel() : all;
    int tied = spread.map(run::chunk).sum();
    return new Result(run.values, tied);
  }

  private int chunk(int chunk) {
    double[] row = new double[game.size()];
    double[] reference = game.hasUniformFollower() ? null : new double[game.size()];
    int tied = 0;
    int end = Math.min((chunk + 1) * CHUNK, game.size());
    for (int y = chunk * CHUNK; y < end; y++) {
      game.copyRow(y, row);
      values[y] = rowValue(y, row, reference);
      tied += followerKl == 0 && SoftMin.ties(row) > 1 ? 1 : 0;
    }
    return tied;
  }

  private double rowValue(int y, double[] row, double @Nullable [] reference) {
    if (reference != null) {
      game.followerReference().copyRow(y, reference);
    }
    return SoftMin.value(row, reference, followerKl);
  }
}
