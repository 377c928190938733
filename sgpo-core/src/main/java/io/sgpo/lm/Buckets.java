package io.sgpo.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** Pieces of unequal length, cut into buckets each of which is padded to its longest. */
final class Buckets {

  private Buckets() {}

  /**
   * The cut of the least padded tokens plus cost per bucket.
   *
   * @param sorted by length, shortest first
   * @param cost of a bucket, in tokens; 0 gives buckets without padding
   */
  static <T> List<List<T>> cut(List<T> sorted, ToIntFunction<T> length, double cost) {
    int n = sorted.size();
    int[] ends = ends(sorted, length);
    double[] best = new double[n + 1];
    int[] from = new int[n + 1];
    Arrays.fill(best, 1, n + 1, Double.POSITIVE_INFINITY);
    for (int e = 0; e < ends.length; e++) {
      int end = ends[e];
      int widest = length.applyAsInt(sorted.get(end - 1));
      for (int s = -1; s < e; s++) {
        int start = s < 0 ? 0 : ends[s];
        double total = best[start] + (double) (end - start) * widest + cost;
        if (total < best[end]) {
          best[end] = total;
          from[end] = start;
        }
      }
    }
    List<List<T>> buckets = new ArrayList<>();
    for (int end = n; end > 0; end = from[end]) {
      buckets.add(sorted.subList(from[end], end));
    }
    Collections.reverse(buckets);
    return buckets;
  }

  /** Where a bucket may end: after the last piece of every length. */
  private static <T> int[] ends(List<T> sorted, ToIntFunction<T> length) {
    int n = sorted.size();
    return IntStream.rangeClosed(1, n)
        .filter(
            i -> i == n || length.applyAsInt(sorted.get(i - 1)) < length.applyAsInt(sorted.get(i)))
        .toArray();
  }
}
