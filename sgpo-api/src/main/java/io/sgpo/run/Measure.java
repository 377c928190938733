package io.sgpo.run;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Policy;

/**
 * A held-out measure: how good a policy is on data that it is not trained on. It must not change
 * the policy, and be a function of the two policies alone (draws from streams with a seed of its
 * own), or a resumed run may end elsewhere than an uninterrupted one.
 */
public interface Measure {

  /** What is measured, such as {@code held-out.loss}; compared when a run is resumed. */
  String name();

  /** Whether larger values are better. */
  boolean higherIsBetter();

  /**
   * Measures.
   *
   * @param policy the policy as it is now
   * @param start the policy at the start of the run
   * @return a value that is not NaN
   */
  double of(Policy policy, FrozenPolicy start);

  /**
   * Measures, with an interval where the measure has one; without, unless overridden.
   *
   * @param policy the policy as it is now
   * @param start the policy at the start of the run
   * @return a value that is not NaN, the same as {@link #of}
   */
  default Measured measure(Policy policy, FrozenPolicy start) {
    return Measured.of(of(policy, start));
  }
}
