package io.sgpo.preference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A judge: p(y ≻ y' | x) ∈ [0, 1] with p(y ≻ y') + p(y' ≻ y) = 1. It need not be transitive.
 *
 * <p>Implementations must be thread-safe and answer in the order of the questions.
 */
@FunctionalInterface
public interface PreferenceModel {

  /**
   * One verdict per comparison, in order.
   *
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  List<Verdict> compare(List<Comparison> comparisons);

  /** A judge that is a function of one comparison, returning p(first ≻ second) in [0, 1]. */
  static PreferenceModel of(ToDoubleFunction<Comparison> probability) {
    return comparisons -> {
      List<Verdict> verdicts = new ArrayList<>(comparisons.size());
      for (Comparison comparison : comparisons) {
        verdicts.add(Verdict.of(probability.applyAsDouble(comparison)));
      }
      return List.copyOf(verdicts);
    };
  }
}
