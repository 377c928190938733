package io.sgpo.solvers.follower;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a caller's gaps that the first pass makes as it goes, while they are in the processor's
 * cache and by as many threads as share the pass. In pieces, which need no zeros before the copy
 * and no free stretch of memory as long as the gaps.
 */
final class OwnDoubles implements Gaps {
  /** Gaps of a piece, a power of two that divides {@link Scan#CHUNK}. */
  static final int PIECE = 1 << 14;

  private static final int SHIFT = Integer.numberOfTrailingZeros(PIECE);

  private double @Nullable [] source;
  private final double[][] pieces;
  private final int size;

  /** Of gaps that the caller leaves alone until the first pass is over. */
  OwnDoubles(double[] source) {
    this.source = source;
    this.size = source.length;
    this.pieces = new double[(size - 1) / PIECE + 1][];
  }

  /** To be called after the first pass: lets go of the caller's array. */
  OwnDoubles release() {
    source = null;
    return this;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public double get(int index) {
    return pieces[index >>> SHIFT][index & (PIECE - 1)];
  }

  @Override
  public void feed(int from, int to, Pass<?> pass) {
    for (int start = from, length; start < to; start += length) {
      length = Math.min(PIECE, to - start);
      double[] piece = piece(start, length);
      for (int i = 0; i < length; i += SLICE) {
        pass.add(piece, i, Math.min(length, i + SLICE));
      }
    }
  }

  private double[] piece(int start, int length) {
    if (source != null) {
      pieces[start >>> SHIFT] = Arrays.copyOfRange(source, start, start + length);
    }
    return pieces[start >>> SHIFT];
  }
}
