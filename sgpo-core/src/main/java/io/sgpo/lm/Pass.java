package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows that go through the model together, padded on the right to the longest, and the scored
 * positions in the order of the rows.
 */
final class Pass {

  /** A pass is cut in two if that saves this share of its padded tokens and this many of them. */
  private static final double MIN_SAVING = 0.2;

  private static final int MIN_SAVED_TOKENS = 512;

  private final List<Row> all;
  private final int[] members;
  private final int width;
  private final int scored;

  private Pass(List<Row> all, int[] members) {
    this.all = all;
    this.members = members;
    this.width = IntStream.of(members).map(i -> all.get(i).inputLength()).max().orElse(0);
    this.scored = IntStream.of(members).map(i -> all.get(i).responseLength()).sum();
  }

  /**
   * Passes over all rows with a response, shortest rows first.
   *
   * @param maxTokens the most padded tokens of a pass with more than one row
   */
  static List<Pass> of(List<Row> rows, int maxTokens) {
    int[] order =
        IntStream.range(0, rows.size())
            .filter(i -> rows.get(i).responseLength() > 0)
            .boxed()
            .sorted(Comparator.comparingInt(i -> rows.get(i).inputLength()))
            .mapToInt(i -> i)
            .toArray();
    List<Pass> passes = new ArrayList<>();
    int start = 0;
    for (int end = 1; end <= order.length; end++) {
      boolean full =
          end < order.length
              && (long) (end + 1 - start) * rows.get(order[end]).inputLength() > maxTokens;
      if (full || end == order.length) {
        cut(rows, order, start, end, passes);
        start = end;
      }
    }
    return passes;
  }

  /** Cuts order[start, end), which is sorted by length, where that saves enough padding. */
  private static void cut(List<Row> rows, int[] order, int start, int end, List<Pass> passes) {
    long longest = rows.get(order[end - 1]).inputLength();
    long whole = (end - start) * longest;
    long best = whole;
    int place = end;
    for (int i = start + 1; i < end; i++) {
      long tokens = (long) (i - start) * rows.get(order[i - 1]).inputLength() + (end - i) * longest;
      if (tokens < best) {
        best = tokens;
        place = i;
      }
    }
    if (whole - best >= Math.max(MIN_SAVED_TOKENS, MIN_SAVING * whole)) {
      cut(rows, order, start, place, passes);
      cut(rows, order, place, end, passes);
    } else {
      passes.add(new Pass(rows, Arrays.copyOfRange(order, start, end)));
    }
  }

  /** The rows' places in the list that was given, in the order of this pass. */
  int[] members() {
    return members;
  }

  /** The number of scored positions. */
  int scored() {
    return scored;
  }

  /** Token ids, [rows, width]. */
  NDArray ids(NDManager manager) {
    long[] ids = new long[members.length * width];
    for (int r = 0; r < members.length; r++) {
      Row row = all.get(members[r]);
      for (int t = 0; t < row.inputLength(); t++) {
        ids[r * width + t] = row.ids()[t];
      }
    }
    return manager.create(ids, new Shape(members.length, width));
  }

  /** The tokens' keys in the order of the ids, [rows · width]; that of padding is 0. */
  NDArray dropoutKeys(NDManager manager, Dropout dropout) {
    long[] keys = new long[members.length * width];
    for (int r = 0; r < members.length; r++) {
      long[] row = dropout.keys(all.get(members[r]));
      System.arraycopy(row, 0, keys, r * width, row.length);
    }
    return manager.create(keys);
  }

  /** Where in the flattened rows the states lie that predict the scored tokens, [scored]. */
  NDArray index(NDManager manager) {
    long[] index = new long[scored];
    int n = 0;
    for (int r = 0; r < members.length; r++) {
      Row row = all.get(members[r]);
      for (int t = row.promptLength(); t < row.ids().length; t++) {
        index[n++] = (long) r * width + t - 1;
      }
    }
    return manager.create(index);
  }

  /** The scored tokens, [scored]. */
  NDArray targets(NDManager manager) {
    long[] targets = new long[scored];
    int n = 0;
    for (int member : members) {
      Row row = all.get(member);
      for (int t = row.promptLength(); t < row.ids().length; t++) {
        targets[n++] = row.ids()[t];
      }
    }
    return manager.create(targets);
  }

  /** Puts the values at the scored positions into the arrays of their rows. */
  void scatter(float[] values, double[][] byRow) {
    int n = 0;
    for (int member : members) {
      double[] row = new double[all.get(member).responseLength()];
      for (int t = 0; t < row.length; t++) {
        row[t] = values[n++];
      }
      byRow[member] = row;
    }
  }

  /** The opposite: the values of the members' rows at the scored positions, in order. */
  float[] gather(double[][] byRow) {
    float[] values = new float[scored];
    int n = 0;
    for (int member : members) {
      for (double value : byRow[member]) {
        values[n++] = (float) value;
      }
    }
    return values;
  }
}
