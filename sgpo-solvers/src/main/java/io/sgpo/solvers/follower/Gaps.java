package io.sgpo.solvers.follower;

/** The gaps of one solve, in the precision in which they came. Never modified. */
sealed interface Gaps permits DoubleGaps, FloatGaps, OwnDoubles, OwnFloats {
  /** Gaps that a pass is handed at once. */
  int SLICE = 1024;

  int size();

  double get(int index);

  /** Hands the gaps [from, to) to a pass, in slices that begin at from. */
  void feed(int from, int to, Pass<?> pass);
}
