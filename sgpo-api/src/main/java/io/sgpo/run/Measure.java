package io.sgpo.run;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Policy;
import java.util.Map;

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
   * All else that its values depend on, by name: digests of the held-out data, options, the judge.
   * Compared when a run is resumed, and kept in the run's manifest.
   */
  default Map<String, String> settings() {
    return Map.of();
  }

  /**
   * Measures.
   *
   * @param policy the policy as it is now
   * @param start the policy at the start of the run
   * @return a value that is not NaN
   */
  double of(Policy policy, FrozenPolicy start);

  /**
   * Measures, with an interval and what it cost where the measure knows them; with the value alone
   * unless overridden.
   *
   * @param policy the policy as it is now
   * @param start the policy at the start of the run
   * @return the same value as {@link #of}; NaN only as {@link Measured#nothing} has it
   * @throws JudgeFailedException if a judge that is needed is down; the run then ends in a
   *     checkpoint, and measures here when it is resumed
   */
  default Measured measure(Policy policy, FrozenPolicy start) {
    return Measured.of(of(policy, start));
  }
}
