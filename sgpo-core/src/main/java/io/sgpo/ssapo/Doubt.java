package io.sgpo.ssapo;

import io.sgpo.run.RunState;
import java.util.Arrays;

/**
 * The threshold of {@link LabelRefinement}: the mean of the two order statistics of the last
 * {@value #WINDOW} margins that come after the doubted share; 0 until there are so many.
 */
final class Doubt {

  /** How many margins are remembered. */
  static final int WINDOW = 50;

  private final int rank;
  private final double[] window = new double[WINDOW];
  private long seen;

  /**
   * @param share of the margins that are doubted, in (0, 1)
   */
  Doubt(double share) {
    this.rank = Math.min((int) (WINDOW * share), WINDOW - 2);
  }

  void restore(RunState state) {
    double[] margins = state.numbers("margins");
    System.arraycopy(margins, 0, window, 0, WINDOW);
    seen = state.integer("seen");
  }

  RunState state() {
    return new RunState().put("margins", window).put("seen", seen);
  }

  /** τ. */
  double threshold() {
    if (seen < WINDOW) {
      return 0;
    }
    double[] sorted = window.clone();
    Arrays.sort(sorted);
    return (sorted[rank] + sorted[rank + 1]) / 2;
  }

  void see(double margin) {
    window[(int) (seen % WINDOW)] = margin;
    seen++;
  }
}
