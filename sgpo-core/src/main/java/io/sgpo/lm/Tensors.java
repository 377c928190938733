package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Makes, copies, reads and writes native tensors in float32 and in what a model computes in.
 * Writing is not thread-safe.
 */
final class Tensors {

  // Java cannot make a tensor of bfloat16, and any call of DJL's on one but its shape ends the
  // process: such tensors come from kernels and travel back into kernels.

  /** Elements moved between Java and native memory at once. */
  static final int BLOCK = 1 << 18;

  private final Kernels kernels;
  private final Precision precision;
  private final StagingBuffer staging = new StagingBuffer(BLOCK);

  /**
   * @param precision of the tensors that are not float32 in every precision
   */
  Tensors(Kernels kernels, Precision precision) {
    this.kernels = kernels;
    this.precision = precision;
  }

  static Shape shape(WeightLayout.Slot slot) {
    return new Shape(slot.shape().stream().mapToLong(Long::longValue).toArray());
  }

  /** Zeros of the type that a slot's tensor has. */
  NDArray zeros(NDManager owner, WeightLayout.Slot slot) {
    if (slot.isWide() || precision == Precision.FLOAT32) {
      return owner.zeros(shape(slot));
    }
    try (NDArray shape = owner.create(shape(slot).getShape())) {
      return kernels.call("zeros", true, new NDList(shape)).singletonOrThrow();
    }
  }

  /** A copy of the same type. */
  NDArray copy(NDManager owner, NDArray source) {
    return copy("copy", owner, source);
  }

  /** A copy in float32. */
  NDArray widened(NDManager owner, NDArray source) {
    return copy("widened", owner, source);
  }

  private NDArray copy(String kernel, NDManager owner, NDArray source) {
    try (NDArray any = owner.create(0f)) {
      return kernels.call(kernel, true, new NDList(any, source)).singletonOrThrow();
    }
  }

  /** Writes a tensor's elements over another's of as many. */
  void assign(NDArray target, NDArray source) {
    try (NDManager scratch = kernels.scratch()) {
      NDArray values = copy("flat", scratch, source);
      kernels.call("fill", false, new NDList(values, target, scratch.create(0L)));
    }
  }

  /**
   * Writes values over a tensor's elements from {@code first} on, in the tensor's type.
   *
   * @param count at most {@link #BLOCK}
   */
  void write(NDArray target, long first, float[] values, int count) {
    try (NDManager scratch = kernels.scratch()) {
      NDArray block = staging.array(scratch, values, count);
      kernels.call("fill", false, new NDList(block, target, scratch.create(first)));
    }
  }

  /**
   * Reads a tensor's elements {@code first .. first + count}, widened to float32, to the start of
   * {@code into}.
   */
  void read(NDArray source, long first, float[] into, int count) {
    try (NDManager scratch = kernels.scratch()) {
      NDArray range = scratch.create(new long[] {first, count});
      float[] values =
          kernels
              .call("extract", false, new NDList(range, source))
              .singletonOrThrow()
              .toFloatArray();
      System.arraycopy(values, 0, into, 0, count);
    }
  }
}
