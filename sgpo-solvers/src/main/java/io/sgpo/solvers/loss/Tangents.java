package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;
import java.util.Arrays;

/**
 * The paper's surrogate of the logistic loss: the largest of its tangents at K knots, ℓ̃(ξ) = max_k
 * ℓ(t_k) + ℓ'(t_k)(ξ − t_k) {@code <=} ℓ(ξ) (arXiv 2502.18099, the piecewise-affine loss of the
 * follower's program).
 *
 * <p>With 5 to 7 tangents a follower misses 13 to 47 % of the premium that it is meant to compute;
 * they are here for fidelity to the paper, and {@link #maxError} says what they cost. Immutable and
 * thread-safe; an evaluation is a binary search, O(log K).
 */
public final class Tangents implements GapLoss {
  private static final GapLoss LOGISTIC = GapLoss.logistic();

  /** Distinct tangents by ascending knot. */
  private final double[] knots;

  private final double[] values;

  /** |ℓ'(t_k)|, falling. */
  private final double[] steepness;

  /** Where tangent k gives way to tangent k + 1. */
  private final double[] kinks;

  private Tangents(double[] distinct) {
    knots = distinct;
    values = Arrays.stream(knots).map(LOGISTIC::value).toArray();
    steepness = Arrays.stream(knots).map(knot -> -LOGISTIC.slope(knot)).toArray();
    kinks = new double[knots.length - 1];
    for (int k = 0; k < kinks.length; k++) {
      kinks[k] = kink(k);
    }
  }

  /**
   * Tangents at the given knots, in any order; repeated ones count once, and so do knots so far out
   * that their tangents are the same line in double precision.
   *
   * @throws IllegalArgumentException if there is no knot or one is not finite
   */
  public static Tangents at(double... knots) {
    if (knots.length == 0) {
      throw new IllegalArgumentException("knots must not be empty");
    }
    for (int k = 0; k < knots.length; k++) {
      requireFinite("knot " + k, knots[k]);
    }
    double[] sorted = knots.clone();
    Arrays.sort(sorted);
    int size = 1;
    for (double knot : sorted) {
      if (LOGISTIC.slope(knot) != LOGISTIC.slope(sorted[size - 1])) {
        sorted[size++] = knot;
      }
    }
    return new Tangents(Arrays.copyOf(sorted, size));
  }

  /**
   * K knots equally spaced on [a, b], both ends included; one knot sits in the middle.
   *
   * @param count K {@code >= 1}
   * @param lower a, finite
   * @param upper b, finite, {@code >= a}
   */
  public static Tangents uniform(int count, double lower, double upper) {
    requireCount(count);
    requireInterval(lower, upper);
    double[] knots = new double[count];
    for (int k = 0; k < count; k++) {
      knots[k] = between(lower, upper, share(k, count));
    }
    return at(knots);
  }

  /**
   * Knots at K empirical quantiles of the gaps, from the least to the largest; one knot sits at the
   * median. Quantiles between two gaps are interpolated linearly.
   *
   * @param count K {@code >= 1}
   * @param gaps at least one, finite; not modified
   */
  public static Tangents quantiles(int count, double[] gaps) {
    requireCount(count);
    if (gaps.length == 0) {
      throw new IllegalArgumentException("gaps must not be empty");
    }
    for (int i = 0; i < gaps.length; i++) {
      requireFinite("gap " + i, gaps[i]);
    }
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    double[] knots = new double[count];
    for (int k = 0; k < count; k++) {
      double position = share(k, count) * (sorted.length - 1);
      int below = (int) position;
      int next = Math.min(below + 1, sorted.length - 1);
      knots[k] = between(sorted[below], sorted[next], position - below);
    }
    return at(knots);
  }

  /**
   * Knots whose probabilities σ(t) are equally spaced from σ(a) to σ(b); one knot sits in the
   * middle of them.
   *
   * @param count K {@code >= 1}
   * @param lower a, finite
   * @param upper b, finite, {@code >= a}
   */
  public static Tangents probability(int count, double lower, double upper) {
    requireCount(count);
    requireInterval(lower, upper);
    double[] knots = new double[count];
    for (int k = 0; k < count; k++) {
      double share = share(k, count);
      double p = between(sigmoid(lower), sigmoid(upper), share);
      double q = between(sigmoid(-lower), sigmoid(-upper), share); // 1 − p, without cancelling
      knots[k] = Math.max(lower, Math.min(upper, Math.log(p) - Math.log(q)));
    }
    return at(knots);
  }

  @Override
  public String name() {
    return "tangents(" + knots.length + ")";
  }

  /** The knots whose tangents are distinct, ascending; a fresh copy. */
  public double[] knots() {
    return knots.clone();
  }

  @Override
  public double value(double gap) {
    int k = piece(gap);
    return values[k] - steepness[k] * (gap - knots[k]);
  }

  @Override
  public double slope(double gap) {
    return -steepness[piece(gap)];
  }

  /**
   * {@inheritDoc}
   *
   * <p>Summed over the pieces between a and ξ, all of one sign, so that nothing cancels.
   */
  @Override
  public double chordSlope(double lower, double gap) {
    int first = piece(lower);
    int last = piece(gap);
    if (first >= last) {
      return steepness[first];
    }
    double drop = steepness[first] * (kinks[first] - lower);
    for (int k = first + 1; k < last; k++) {
      drop += steepness[k] * (kinks[k] - kinks[k - 1]);
    }
    drop += steepness[last] * Math.max(0, gap - kinks[last - 1]);
    return drop / (gap - lower);
  }

  /**
   * Δ(K) = max over [a, b] of ℓ − ℓ̃: how far a follower's value under these tangents can be below
   * the exact one. On one tangent the difference is convex, so its maximum is at a, at b or at a
   * kink. Absolute accuracy: a few units in the last place of ℓ(a).
   */
  public double maxError(double lower, double upper) {
    requireInterval(lower, upper);
    double error = Math.max(error(lower), error(upper));
    for (double kink : kinks) {
      if (kink > lower && kink < upper) {
        error = Math.max(error, error(kink));
      }
    }
    return error;
  }

  @Override
  public String toString() {
    return "tangents" + Arrays.toString(knots);
  }

  private double error(double gap) {
    return Math.max(0, LOGISTIC.value(gap) - value(gap));
  }

  /** The tangent that is largest at the gap; at a kink the right one, of smaller slope. */
  private int piece(double gap) {
    int low = 0;
    int high = kinks.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (gap >= kinks[middle]) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Where tangents k and k + 1 cross, less the rounding error of that crossing, so that a gap on
   * the kink counts as right of it.
   */
  private double kink(int k) {
    double span = knots[k + 1] - knots[k];
    double bend = steepness[k] - steepness[k + 1];
    // ℓ_k − s_k z = ℓ_{k+1} + s_{k+1}(Δt − z) at z = (ℓ_k − ℓ_{k+1} − s_{k+1} Δt) / (s_k − s_{k+1})
    double offset = (values[k] - values[k + 1] - steepness[k + 1] * span) / bend;
    double crossing = knots[k] + Math.max(0, Math.min(span, offset));
    double rounding = 2 * Math.ulp(values[k]) / bend + Math.ulp(knots[k]) + Math.ulp(knots[k + 1]);
    return Math.max(knots[k], crossing - rounding);
  }

  private static double sigmoid(double gap) {
    return -LOGISTIC.slope(-gap);
  }

  private static double share(int k, int count) {
    return count == 1 ? 0.5 : (double) k / (count - 1);
  }

  private static double between(double first, double last, double share) {
    return share == 1 ? last : (1 - share) * first + share * last;
  }

  private static void requireCount(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("tangents must be >= 1, but was " + count);
    }
  }

  private static void requireInterval(double lower, double upper) {
    requireFinite("lower", lower);
    requireFinite("upper", upper);
    if (lower > upper) {
      throw new IllegalArgumentException(
          "lower must be <= upper, but was " + lower + " > " + upper);
    }
  }

  private static void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite, but was " + value);
    }
  }
}
