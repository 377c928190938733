package io.sgpo.solvers.stats;

import java.util.HashSet;
import java.util.List;

/** Checks of the names and indices of a matrix. */
final class MatrixNames {
  private MatrixNames() {}

  static void require(String what, List<String> names, int least) {
    if (names.size() < least) {
      throw new IllegalArgumentException(
          what + " must be at least " + least + ", but were " + names.size());
    }
    HashSet<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            what + " must have different names, but " + name + " came twice");
      }
    }
  }

  static void requireIndex(String what, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(what + " must be in [0, " + size + "), but was " + index);
    }
  }
}
