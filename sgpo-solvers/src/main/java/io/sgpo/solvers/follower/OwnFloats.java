package io.sgpo.solvers.follower;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** As {@link OwnDoubles}, in single precision; passes see doubles, a slice at a time. */
final class OwnFloats implements Gaps {
  private static final int PIECE = OwnDoubles.PIECE;

  private static final int SHIFT = Integer.numberOfTrailingZeros(PIECE);

  private float @Nullable [] source;
  private final float[][] pieces;
  private final int size;

  /** Of gaps that the caller leaves alone until the first pass is over. */
  OwnFloats(float[] source) {
    this.source = source;
    this.size = source.length;
    this.pieces = new float[(size - 1) / PIECE + 1][];
  }

  /** To be called after the first pass: lets go of the caller's array. */
  OwnFloats release() {
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
    double[] slice = new double[Math.min(SLICE, to - from)];
    for (int start = from, length; start < to; start += length) {
      length = Math.min(PIECE, to - start);
      float[] piece = piece(start, length);
      for (int i = 0; i < length; i += SLICE) {
        pass.add(slice, 0, widen(piece, i, Math.min(length, i + SLICE), slice));
      }
    }
  }

  /** How many numbers were widened. */
  private static int widen(float[] piece, int from, int to, double[] slice) {
    for (int i = from; i < to; i++) {
      slice[i - from] = piece[i];
    }
    return to - from;
  }

  private float[] piece(int start, int length) {
    if (source != null) {
      pieces[start >>> SHIFT] = Arrays.copyOfRange(source, start, start + length);
    }
    return pieces[start >>> SHIFT];
  }
}
