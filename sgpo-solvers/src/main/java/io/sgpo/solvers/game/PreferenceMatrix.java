package io.sgpo.solvers.game;

/**
 * The entries of a preference matrix, p(y ≻ y') in row y and column y'. A caller with a large
 * matrix of its own implements this instead of copying it; it must be thread-safe and must not
 * change while a game uses it.
 */
public interface PreferenceMatrix {

  /** The number of actions. */
  int size();

  /** p(y ≻ y'). */
  double get(int y, int other);

  /** Writes row y to the first {@link #size()} places of {@code target}. */
  default void copyRow(int y, double[] target) {
    for (int other = 0; other < size(); other++) {
      target[other] = get(y, other);
    }
  }

  /**
   * A view of an array, row after row, without a copy.
   *
   * @param size n, {@code >= 1}
   * @param rowMajor n² entries, not copied
   * @throws IllegalArgumentException if the length is not n²
   */
  static PreferenceMatrix ofRowMajor(int size, double[] rowMajor) {
    return new DensePreferences(size, rowMajor);
  }
}
