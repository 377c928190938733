package io.sgpo.solvers.game;

/** A preference matrix in one array, row after row. */
final class DensePreferences implements PreferenceMatrix {
  private final int size;
  private final double[] entries;

  DensePreferences(int size, double[] entries) {
    if (size < 1 || entries.length != (long) size * size) {
      throw new IllegalArgumentException(
          "rowMajor must have size*size entries with size >= 1, but size was "
              + size
              + " and the entries "
              + entries.length);
    }
    this.size = size;
    this.entries = entries;
  }

  /** A compact copy of square rows. */
  static DensePreferences copyOf(double[][] rows) {
    int n = rows.length;
    if ((long) n * n > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "p must have at most 46340 actions, but had " + n + "; give a PreferenceMatrix instead");
    }
    double[] entries = new double[n * n];
    for (int y = 0; y < n; y++) {
      if (rows[y].length != n) {
        throw new IllegalArgumentException(
            "p must be square: row "
                + y
                + " must have "
                + n
                + " entries, but had "
                + rows[y].length);
      }
      System.arraycopy(rows[y], 0, entries, y * n, n);
    }
    return new DensePreferences(n, entries);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public double get(int y, int other) {
    return entries[y * size + other];
  }

  @Override
  public void copyRow(int y, double[] target) {
    System.arraycopy(entries, y * size, target, 0, size);
  }
}
