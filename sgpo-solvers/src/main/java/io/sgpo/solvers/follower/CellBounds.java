package io.sgpo.solvers.follower;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * An upper bound on the follower's dual at a price λ, from bounds on the loss in the cells between
 * nodes, and the cells in which it exceeds what the nodes reach.
 *
 * <p>In a cell [u, v] the loss is below a saw tooth of slopes ±L and below its chord plus (ρ/2)(z −
 * u)(v − z). Of ℓ(z) − λ|z − ξ| with ξ outside the cell each bound has its maximum at a node or at
 * one peak inside, which depends on the side that ξ is on and not on ξ. So peaks are swept like
 * nodes.
 */
final class CellBounds {
  /** No split leaves less than this share of a cell on one side. */
  private static final double LEAST_SHARE = 0.05;

  private final LossNodes nodes;
  private final double price;
  private final double[] high;
  private final double[] splits;
  private final double[] excess;
  private int active;

  /**
   * O(nodes).
   *
   * @param targets where gaps go at this price if they move between nodes only
   * @param slack by how much a gap's bound may exceed what the nodes reach
   */
  CellBounds(LossNodes nodes, double price, int[] targets, double slack) {
    this.nodes = nodes;
    this.price = price;
    double[] low = new double[targets.length];
    Arrays.setAll(
        low, k -> nodes.value[targets[k]] - price * Math.abs(nodes.at[targets[k]] - nodes.at[k]));
    high = low.clone();
    splits = new double[targets.length - 1];
    Arrays.fill(splits, Double.NaN);
    excess = new double[splits.length];
    Arrays.fill(excess, slack);
    sweepRight(low);
    sweepLeft(low);
  }

  /** An upper bound on λε + (1/N) Σ max_z {ℓ(z) − λ|z − ξ_i|}. */
  double dual(double radius) {
    CompensatedSum sum = new CompensatedSum();
    for (int k = 0; k < high.length; k++) {
      if (nodes.mass[k] > 0) {
        sum.add(nodes.mass[k] * high[k]);
      }
    }
    return (price == 0 ? 0 : price * radius) + sum.value() / nodes.total;
  }

  /**
   * For each cell where to split it, or NaN if it need not be.
   *
   * @param most how many cells may be split; those whose bounds promise most come first
   */
  double[] splits(int most) {
    double[] chosen = splits.clone();
    if (active > most) {
      IntStream.range(0, splits.length)
          .boxed()
          .sorted(Comparator.comparingDouble(cell -> -excess[cell]))
          .skip(most)
          .forEach(cell -> chosen[cell] = Double.NaN);
    }
    return chosen;
  }

  /** Whether some cell is to be split. */
  boolean active() {
    return active > 0;
  }

  /** Gaps that move left: a cell's peak is met by the gaps to its right. */
  private void sweepRight(double[] low) {
    Peak best = Peak.NONE;
    for (int k = 1; k < high.length; k++) {
      Peak peak = peak(k - 1, -price);
      best = peak.from(nodes.at[k], price) > best.from(nodes.at[k], price) ? peak : best;
      high[k] = Math.max(high[k], best.from(nodes.at[k], price));
    }
    int gap = -1;
    for (int k = splits.length - 1; k >= 0; k--) {
      gap = nodes.mass[k + 1] > 0 ? k + 1 : gap;
      if (gap >= 0) {
        consider(k, peak(k, -price), nodes.at[gap], low[gap]);
      }
    }
  }

  /** Gaps that move right: a cell's peak is met by the gaps to its left. */
  private void sweepLeft(double[] low) {
    Peak best = Peak.NONE;
    for (int k = splits.length - 1; k >= 0; k--) {
      Peak peak = peak(k, price);
      best = peak.from(nodes.at[k], price) > best.from(nodes.at[k], price) ? peak : best;
      high[k] = Math.max(high[k], best.from(nodes.at[k], price));
    }
    int gap = -1;
    for (int k = 0; k < splits.length; k++) {
      gap = nodes.mass[k] > 0 ? k : gap;
      if (gap >= 0) {
        consider(k, peak(k, price), nodes.at[gap], low[gap]);
      }
    }
  }

  /**
   * Marks the cell if its peak promises a gap more than the nodes give it. The gap nearest to the
   * cell is the one that is promised most: what the nodes give is λ-Lipschitz in the gap.
   */
  private void consider(int cell, Peak peak, double gap, double low) {
    double promised = peak.from(gap, price) - low;
    if (!(promised > excess[cell])) {
      return;
    }
    double left = nodes.at[cell];
    double width = nodes.at[cell + 1] - left;
    double share = (peak.at - left) / width;
    double point = left + width * Math.max(LEAST_SHARE, Math.min(1 - LEAST_SHARE, share));
    if (point > left && point < nodes.at[cell + 1]) {
      active += Double.isNaN(splits[cell]) ? 1 : 0;
      splits[cell] = point;
      excess[cell] = promised;
    }
  }

  /**
   * The cell's least bound on the maximum of ℓ(z) − tilt z, if it is not at a node.
   *
   * @param tilt λ for gaps to the left of the cell, −λ for those to its right
   */
  private Peak peak(int cell, double tilt) {
    double width = nodes.at[cell + 1] - nodes.at[cell];
    double chord = (nodes.value[cell + 1] - nodes.value[cell]) / width;
    double steepest = nodes.lipschitz[cell];
    double modulus = nodes.modulus[cell];
    // u + t, the maximum of (chord − tilt) t + (ρ/2) t (h − t); not a number inside if ρ is 0
    double bulge = width / 2 + (chord - tilt) / modulus;
    if (steepest <= Math.abs(tilt) || !(bulge > 0 && bulge < width)) {
      return Peak.NONE;
    }
    double tooth = Math.max(0, Math.min(width, width / 2 + chord * width / (2 * steepest)));
    double atTooth = nodes.value[cell] + steepest * tooth;
    double atBulge = nodes.value[cell] + chord * bulge + modulus / 2 * bulge * (width - bulge);
    return atTooth - tilt * tooth <= atBulge - tilt * bulge
        ? new Peak(nodes.at[cell] + tooth, atTooth)
        : new Peak(nodes.at[cell] + bulge, atBulge);
  }

  /** A bound's maximum inside a cell. */
  private record Peak(double at, double height) {
    static final Peak NONE = new Peak(0, Double.NEGATIVE_INFINITY);

    double from(double gap, double price) {
      return height - price * Math.abs(at - gap);
    }
  }
}
