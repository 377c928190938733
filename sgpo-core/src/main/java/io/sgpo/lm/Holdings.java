package io.sgpo.lm;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

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
  private final List<SpareGradients> spare = new CopyOnWriteArrayList<>();

  /** Adds bytes, or takes away where there are fewer. */
  synchronized void add(Part part, long more) {
    bytes.merge(part, more, Long::sum);
  }

  synchronized long of(Part part) {
    return bytes.getOrDefault(part, 0L);
  }

  /** Names what {@link #free} lets go. */
  void add(SpareGradients gradients) {
    spare.add(gradients);
  }

  void remove(SpareGradients gradients) {
    spare.remove(gradients);
  }

  /** Lets go of what only saves time, before draws and copies of weights. */
  void free() {
    spare.forEach(SpareGradients::free);
  }
}
