package io.sgpo.lm;

/**
 * The type in which a language model's matrix products and attention are computed. Residual stream,
 * norms, positions, adapters, softmax of the vocabulary, gradients and the optimizer's moments are
 * float32 in either.
 */
public enum Precision {
  /** IEEE 754 binary32. */
  FLOAT32(6),
  /**
   * 8 bits of mantissa: half the memory. Weights are rounded when they are loaded. A model that is
   * trained as a whole gets float32 master weights at its first step; a frozen base under LoRA does
   * not.
   */
  BFLOAT16(15);

  private final int scalarType;

  Precision(int scalarType) {
    this.scalarType = scalarType;
  }

  /** PyTorch's number of the type. */
  int scalarType() {
    return scalarType;
  }

  /** Of a number. */
  int bytes() {
    return this == FLOAT32 ? Float.BYTES : Short.BYTES;
  }
}
