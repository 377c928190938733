package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Memory through which values go into native tensors, block by block. Not thread-safe. */
final class StagingBuffer {

  // DJL copies a float[] to new memory outside the heap, which Java frees when it next collects
  // garbage: while a checkpoint is loaded, with little garbage, it would add up to all of it.

  private final int capacity;
  private @Nullable ByteBuffer buffer;

  /**
   * @param capacity the most values at once
   */
  StagingBuffer(int capacity) {
    this.capacity = capacity;
  }

  /** The first values as an array, [count], in memory that the next call overwrites. */
  NDArray array(NDManager owner, float[] values, int count) {
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(Float.BYTES * capacity).order(ByteOrder.nativeOrder());
    }
    buffer.clear().limit(Float.BYTES * count);
    buffer.asFloatBuffer().put(values, 0, count);
    return owner.create(buffer, new Shape(count), DataType.FLOAT32);
  }
}
