package io.sgpo.lm;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Native bytes that come and go beside the weights of a model: one account for a model and its
 * references, since the limit is one. Thread-safe.
 */
final class Holdings {

  /** What is held. */
  enum Part {
    /** Weights that references copied. */
    REFERENCES,
    /** Second copies of weights for sampling. */
    PACKED,
    /** Moments of the optimizer. */
    MOMENTS
  }

  private final AtomicLongArray bytes = new AtomicLongArray(Part.values().length);

  /** Adds bytes, or takes away where there are fewer. */
  void add(Part part, long more) {
    bytes.addAndGet(part.ordinal(), more);
  }

  long of(Part part) {
    return bytes.get(part.ordinal());
  }
}
