package io.sgpo.lm;

import java.util.EnumMap;
import java.util.Map;

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
    /** Keys and values that open sessions of draws keep. */
    SESSIONS,
    /** Moments of the optimizer. */
    MOMENTS
  }

  private final Map<Part, Long> bytes = new EnumMap<>(Part.class);

  /** Adds bytes, or takes away where there are fewer. */
  synchronized void add(Part part, long more) {
    bytes.merge(part, more, Long::sum);
  }

  synchronized long of(Part part) {
    return bytes.getOrDefault(part, 0L);
  }
}
