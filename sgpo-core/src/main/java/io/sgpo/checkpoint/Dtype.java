package io.sgpo.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of the safetensors format that occupy whole bytes. Those that {@linkplain
 * #isReadable() widen to float} can be read and written; the others are understood, so that files
 * that hold them can be opened, but not read.
 */
public enum Dtype {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E5M2(1),
  F8_E4M3(1),
  F8_E8M0(1),
  U16(2),
  I16(2),
  F16(2),
  BF16(2),
  U32(4),
  I32(4),
  F32(4),
  U64(8),
  I64(8),
  F64(8),
  C64(8);

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** The size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements widen to float exactly: F32, F16 and BF16. */
  public boolean isReadable() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** The type of the given name in a safetensors header, if it is known. */
  public static Optional<Dtype> of(String name) {
    return Arrays.stream(values()).filter(dtype -> dtype.name().equals(name)).findFirst();
  }
}
