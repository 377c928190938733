package io.sgpo.checkpoint;

import java.util.List;
import java.util.Objects;

/**
 * Where a tensor lies in its safetensors file.
 *
 * @param name the tensor's name
 * @param dtype how its elements are stored
 * @param shape its dimensions, each {@code >= 0}; empty for a scalar
 * @param begin its first byte, counted from the end of the header
 * @param end the byte after its last one
 */
public record TensorInfo(String name, Dtype dtype, List<Long> shape, long begin, long end) {
  public TensorInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(dtype, "dtype");
    shape = List.copyOf(shape);
  }

  /** The number of elements: 1 for a scalar, 0 if any dimension is 0. */
  public long elements() {
    return (end - begin) / dtype.bytes();
  }

  /**
   * The number of elements of a shape.
   *
   * @throws ArithmeticException if the product of the dimensions exceeds 2⁶³ − 1
   */
  static long elements(List<Long> shape) {
    long product = 1;
    for (long dimension : shape) {
      product = Math.multiplyExact(product, dimension);
    }
    return product;
  }
}
