package io.sgpo.preference;

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

  /**
   * What tells this judge from others: judges of one identity give the same verdict to the same
   * question. A run is resumed only with a judge of the identity that it was started with. It is
   * written to manifests, so it must hold no secret. Unless overridden, the name of the class; of a
   * lambda, that of the class it is written in.
   */
  default String identity() {
    return ClassIdentity.of(getClass());
  }

  /**
   * A judge that is a function of one comparison, returning p(first ≻ second) in [0, 1]. Its
   * identity is the name of the function's class.
   */
  static PreferenceModel of(ToDoubleFunction<Comparison> probability) {
    return of(ClassIdentity.of(probability.getClass()), probability);
  }

  /**
   * The same with an identity of its own.
   *
   * @param identity what {@link #identity} tells
   */
  static PreferenceModel of(String identity, ToDoubleFunction<Comparison> probability) {
    return new FunctionJudge(identity, probability);
  }
}
