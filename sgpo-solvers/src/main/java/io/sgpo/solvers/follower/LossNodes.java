package io.sgpo.solvers.follower;

import io.sgpo.solvers.loss.LineLoss;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A loss at the nodes of a support: its ends, its breakpoints, all gaps, and what was added; with
 * what is known of it in the cells between two nodes.
 */
final class LossNodes {
  /** A violation of a Lipschitz constant, relative to 1 + |ℓ|, that counts as rounding. */
  private static final double NOISE = 1e-9;

  private final LineLoss loss;

  /** The nodes' positions, ascending, without repetition. */
  final double[] at;

  /** ℓ at each node. */
  final double[] value;

  /** The mass of the gaps on each node, 1 a gap unless they have masses. */
  final double[] mass;

  /** L of the cell between nodes k and k + 1. */
  final double[] lipschitz;

  /** ρ of the cell between nodes k and k + 1. */
  final double[] modulus;

  /** The mass of all gaps, N unless they have masses. */
  final double total;

  private LossNodes(LineLoss loss, int nodes, double total) {
    this.loss = loss;
    this.total = total;
    at = new double[nodes];
    value = new double[nodes];
    mass = new double[nodes];
    lipschitz = new double[nodes - 1];
    modulus = new double[nodes - 1];
  }

  /** The first nodes of gaps of the same mass. */
  static LossNodes of(double[] all, double lower, double upper, LineLoss loss) {
    return of(all, null, lower, upper, loss);
  }

  /**
   * The first nodes; O(N log N).
   *
   * @param all the gaps, within the support; not modified
   * @param masses their masses, which sum to 1, or null if all have the same; not modified
   * @throws IllegalArgumentException if the loss is not finite at a node or contradicts itself
   */
  static LossNodes of(
      double[] all, double @Nullable [] masses, double lower, double upper, LineLoss loss) {
    double[] positions = positions(all, lower, upper, loss.breakpoints());
    LossNodes nodes = new LossNodes(loss, positions.length, masses == null ? all.length : 1);
    for (int k = 0; k < positions.length; k++) {
      nodes.evaluate(k, positions[k]);
    }
    for (int i = 0; i < all.length; i++) {
      nodes.mass[nodes.indexOf(all[i])] += masses == null ? 1 : masses[i];
    }
    for (int k = 0; k + 1 < positions.length; k++) {
      nodes.bound(k);
    }
    return nodes;
  }

  private static double[] positions(double[] all, double lower, double upper, double[] inner) {
    double[] positions = Arrays.copyOf(all, all.length + inner.length + 2);
    int count = all.length;
    for (double z : inner) {
      if (z > lower && z < upper) {
        positions[count++] = z;
      }
    }
    positions[count++] = lower;
    positions[count++] = upper;
    Arrays.sort(positions, 0, count);
    int distinct = 1;
    for (int i = 1; i < count; i++) {
      if (positions[i] != positions[distinct - 1]) { // −0.0 and 0.0 are one node
        positions[distinct++] = positions[i];
      }
    }
    return Arrays.copyOf(positions, distinct);
  }

  /**
   * The same nodes and one more in some cells.
   *
   * @param points for each cell a position inside it, or NaN
   */
  LossNodes split(double[] points) {
    int added = (int) Arrays.stream(points).filter(point -> !Double.isNaN(point)).count();
    LossNodes finer = new LossNodes(loss, at.length + added, total);
    int next = 0;
    for (int k = 0; k < at.length; k++) {
      finer.at[next] = at[k];
      finer.value[next] = value[k];
      finer.mass[next] = mass[k];
      next++;
      if (k < points.length && !Double.isNaN(points[k])) {
        finer.evaluate(next++, points[k]);
      }
    }
    int cell = 0;
    for (int k = 0; k < points.length; k++) {
      if (Double.isNaN(points[k])) {
        finer.lipschitz[cell] = lipschitz[k];
        finer.modulus[cell++] = modulus[k];
      } else {
        finer.bound(cell++);
        finer.bound(cell++);
      }
    }
    return finer;
  }

  /** The node of a position that has one. */
  int indexOf(double position) {
    int low = 0;
    int high = at.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at[middle] < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The largest Lipschitz constant of a cell. */
  double steepest() {
    return Arrays.stream(lipschitz).max().orElse(0);
  }

  /** The mean loss of the gaps where they are. */
  double mean() {
    CompensatedSum sum = new CompensatedSum();
    for (int k = 0; k < value.length; k++) {
      sum.add(mass[k] * value[k]);
    }
    return sum.value() / total;
  }

  /** The largest |ℓ| at a node. */
  double largest() {
    return Arrays.stream(value).map(Math::abs).max().orElse(0);
  }

  private void evaluate(int k, double position) {
    at[k] = position;
    value[k] = loss.value(position);
    if (!Double.isFinite(value[k])) {
      throw new IllegalArgumentException(
          "the loss %s must be finite on the support, but was %s at %s"
              .formatted(loss.name(), value[k], position));
    }
  }

  private void bound(int k) {
    double left = at[k];
    double right = at[k + 1];
    lipschitz[k] = loss.lipschitz(left, right);
    modulus[k] = loss.weakConvexity(left, right);
    if (!(lipschitz[k] >= 0) || Double.isInfinite(lipschitz[k])) {
      throw new IllegalArgumentException(
          "the Lipschitz constant of the loss %s must be finite and >= 0, but was %s on [%s, %s]"
              .formatted(loss.name(), lipschitz[k], left, right));
    }
    if (!(modulus[k] >= 0)) {
      throw new IllegalArgumentException(
          "the modulus of weak convexity of the loss %s must be >= 0, but was %s on [%s, %s]"
              .formatted(loss.name(), modulus[k], left, right));
    }
    double rise = Math.abs(value[k + 1] - value[k]);
    double farthest = lipschitz[k] * Math.max(Math.abs(left), Math.abs(right));
    double noise =
        NOISE * (1 + Math.abs(value[k]) + Math.abs(value[k + 1])) + 8 * Math.ulp(farthest);
    if (rise > lipschitz[k] * (right - left) + noise) {
      throw new IllegalArgumentException(
          "the loss %s must change by at most its Lipschitz constant %s per unit, but was %s at %s and %s at %s"
              .formatted(loss.name(), lipschitz[k], value[k], left, value[k + 1], right));
    }
  }
}
