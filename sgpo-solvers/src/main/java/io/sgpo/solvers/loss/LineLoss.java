package io.sgpo.solvers.loss;

import io.sgpo.follower.GapLoss;
import java.util.function.DoubleUnaryOperator;

/**
 * A Lipschitz loss ℓ of a position z on the line; it need not be convex or monotone. What it tells
 * of itself between two positions is what a follower bounds it by there:
 *
 * <pre>
 * ℓ(z) ≤ min( ℓ(u) + L(z − u), ℓ(v) + L(v − z) )                      L Lipschitz on [u, v]
 * ℓ(z) ≤ ℓ(u) + (z − u)(ℓ(v) − ℓ(u))/(v − u) + (ρ/2)(z − u)(v − z)    ρ-weakly convex on [u, v]
 * </pre>
 *
 * <p>The second bound tightens with the square of v − u, the first with v − u itself: where a
 * modulus ρ is known, a solve takes some dozens of evaluations and not many thousands. ρ = 0 says
 * convex.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public interface LineLoss {

  /** A name for reports and messages. */
  String name();

  /** ℓ(z), finite on the support. */
  double value(double z);

  /** ℓ'(z); at a kink one of the one-sided derivatives. */
  double slope(double z);

  /**
   * L {@code >= 0}, finite, such that |ℓ(x) − ℓ(y)| ≤ L|x − y| for all x and y in [left, right].
   */
  double lipschitz(double left, double right);

  /**
   * ρ {@code >= 0} such that ℓ(z) + ρz²/2 is convex on [left, right]: where ℓ has a second
   * derivative, a bound on −ℓ''. 0 if it is convex there, infinity (the default) if nothing is
   * known.
   *
   * @param left no breakpoint lies between it and right
   */
  default double weakConvexity(double left, double right) {
    return Double.POSITIVE_INFINITY;
  }

  /** Positions between which {@link #weakConvexity} holds, in any order; a fresh copy. */
  default double[] breakpoints() {
    return new double[0];
  }

  /** A convex non-increasing loss. */
  static LineLoss of(GapLoss loss) {
    return convex(loss.name(), loss::value, loss::slope);
  }

  /** The largest of affine pieces. */
  static LineLoss ofPieces(PiecewiseAffine pieces) {
    return new LargestPiece(pieces.slopes(), pieces.intercepts());
  }

  /**
   * A convex loss, monotone or not, such as those of {@link PreferenceLoss}.
   *
   * @param slope its derivative, at a kink any slope between the one-sided ones
   */
  static LineLoss convex(String name, DoubleUnaryOperator value, DoubleUnaryOperator slope) {
    return new ConvexLoss(name, value, slope);
  }

  /**
   * A loss of which nothing but a Lipschitz constant is known.
   *
   * @param lipschitz L {@code >= 0}, finite, on all supports on which it is solved
   * @throws IllegalArgumentException if L is negative or not finite
   */
  static LineLoss lipschitz(
      String name, DoubleUnaryOperator value, DoubleUnaryOperator slope, double lipschitz) {
    return new FunctionLoss(name, value, slope, lipschitz, Double.POSITIVE_INFINITY);
  }

  /**
   * A loss that is weakly convex between breakpoints; with modulus 0 one that is convex between
   * them.
   *
   * @param lipschitz L {@code >= 0}, finite, on all supports on which it is solved
   * @param modulus ρ {@code >= 0}, a bound on −ℓ'' between the breakpoints
   * @param breakpoints finite, in any order; none if it is weakly convex everywhere
   * @throws IllegalArgumentException if a number is not such
   */
  static LineLoss weaklyConvex(
      String name,
      DoubleUnaryOperator value,
      DoubleUnaryOperator slope,
      double lipschitz,
      double modulus,
      double... breakpoints) {
    return new FunctionLoss(name, value, slope, lipschitz, modulus, breakpoints);
  }

  /** The sigmoid loss ℓ(z) = σ(−z), bounded, convex for z {@code > 0} and concave below. */
  static LineLoss sigmoid() {
    return SigmoidLineLoss.INSTANCE;
  }

  /** The ramp loss ℓ(z) = min(1, max(0, (1 − z)/2)), the hinge cut off at 1. */
  static LineLoss ramp() {
    return weaklyConvex(
        "ramp",
        z -> Math.min(1, Math.max(0, (1 - z) / 2)),
        z -> z >= -1 && z < 1 ? -0.5 : 0,
        0.5,
        0,
        -1,
        1);
  }
}
