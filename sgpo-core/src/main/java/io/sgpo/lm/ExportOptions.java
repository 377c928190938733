package io.sgpo.lm;

import io.sgpo.checkpoint.Dtype;
import java.util.Locale;
import java.util.Objects;

/**
 * How the weights of a Hugging Face folder are written.
 *
 * @param dtype the type of all tensors
 * @param maxShardBytes the most bytes of tensors in a file, {@code > 0}; a single larger tensor
 *     gets a file of its own
 */
public record ExportOptions(Type dtype, long maxShardBytes) {

  /** The types that other software reads. */
  public enum Type {
    FLOAT32(Dtype.F32),
    FLOAT16(Dtype.F16),
    BFLOAT16(Dtype.BF16);

    private final Dtype onFile;

    Type(Dtype onFile) {
      this.onFile = onFile;
    }

    /** As {@code config.json} calls it: {@code float32} and so on. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    Dtype onFile() {
      return onFile;
    }
  }

  /** Float32 in files of 5 GB, the size that transformers uses. */
  public static final ExportOptions DEFAULT = new ExportOptions(Type.FLOAT32, 5_000_000_000L);

  /**
   * @throws IllegalArgumentException if a file could hold nothing
   */
  public ExportOptions {
    Objects.requireNonNull(dtype, "dtype");
    if (maxShardBytes <= 0) {
      throw new IllegalArgumentException("maxShardBytes must be > 0, but was " + maxShardBytes);
    }
  }

  public ExportOptions withDtype(Type value) {
    return new ExportOptions(value, maxShardBytes);
  }

  public ExportOptions withMaxShardBytes(long value) {
    return new ExportOptions(dtype, value);
  }
}
