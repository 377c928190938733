package io.sgpo.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * A tensor to be written: what it is, and where its values come from when they are needed.
 *
 * @param name its name in the file
 * @param dtype F32, F16 or BF16
 * @param shape its dimensions, each {@code >= 0}
 * @param values yields blocks of its elements, in order, each once
 */
public record TensorSource(String name, Dtype dtype, List<Long> shape, Values values) {

  /** Yields the elements of a tensor, block by block. */
  @FunctionalInterface
  public interface Values {

    /**
     * Puts elements {@code firstElement .. firstElement + count} in row-major order at the start of
     * {@code into}.
     */
    void read(long firstElement, float[] into, int count) throws IOException;
  }

  /**
   * @throws IllegalArgumentException if the name is reserved, the dtype cannot be written, or the
   *     shape is negative or overflows
   */
  public TensorSource {
    Objects.requireNonNull(values, "values");
    shape = List.copyOf(shape);
    if (name.equals(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException("name must not be the reserved \"" + name + "\"");
    }
    if (!dtype.isReadable()) {
      throw new IllegalArgumentException("dtype must be F32, F16 or BF16, but was " + dtype);
    }
    if (shape.stream().anyMatch(dimension -> dimension < 0)) {
      throw new IllegalArgumentException("shape must be >= 0, but was " + shape);
    }
    requireSize(dtype, shape);
  }

  /** A tensor whose elements are at hand, row-major; the array is not copied. */
  public static TensorSource of(String name, Dtype dtype, List<Long> shape, float[] elements) {
    TensorSource source =
        new TensorSource(
            name,
            dtype,
            shape,
            (first, into, count) -> System.arraycopy(elements, (int) first, into, 0, count));
    if (source.elements() != elements.length) {
      throw new IllegalArgumentException(
          "elements must be "
              + source.elements()
              + " for shape "
              + shape
              + ", but were "
              + elements.length);
    }
    return source;
  }

  /** The number of elements. */
  public long elements() {
    return TensorInfo.elements(shape);
  }

  /** The number of bytes on file. */
  public long bytes() {
    return elements() * dtype.bytes();
  }

  private static void requireSize(Dtype dtype, List<Long> shape) {
    try {
      Math.multiplyExact(TensorInfo.elements(shape), (long) dtype.bytes());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "the size of shape must fit in 63 bits, but shape was " + shape, e);
    }
  }
}
