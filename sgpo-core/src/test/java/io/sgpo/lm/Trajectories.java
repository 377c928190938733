package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import java.util.List;

/** Losses along training steps against golden ones. */
final class Trajectories {

  /** So large an ε that AdamW without memory is gradient descent, up to |g| / ε. */
  private static final double HUGE = 1e6;

  private Trajectories() {}

  static void assertAdamW(
      CausalLm policy,
      List<TrainingGroup> batch,
      Objective objective,
      StepOptions options,
      JsonNode run) {
    policy.resetOptimizer(new AdamW(0.9, 0.999, 1e-8, run.get("weight_decay").doubleValue()));
    assertLosses(policy, batch, objective, options, run, run.get("lr").doubleValue());
  }

  static void assertSgd(
      CausalLm policy,
      List<TrainingGroup> batch,
      Objective objective,
      StepOptions options,
      JsonNode run) {
    policy.resetOptimizer(new AdamW(0, 0, HUGE, 0));
    assertLosses(policy, batch, objective, options, run, HUGE * run.get("lr").doubleValue());
  }

  private static void assertLosses(
      CausalLm policy,
      List<TrainingGroup> batch,
      Objective objective,
      StepOptions options,
      JsonNode run,
      double learningRate) {
    StepOptions step =
        new StepOptions(
            learningRate,
            options.normaliser(),
            options.maxGradientNorm(),
            options.temperature(),
            options.microBatchGroups(),
            options.followerRate());
    for (JsonNode loss : run.get("losses")) {
      double expected = loss.doubleValue();
      assertEquals(
          expected, policy.step(batch, objective, step).loss(), 1e-3 * Math.abs(expected) + 1e-4);
    }
  }
}
