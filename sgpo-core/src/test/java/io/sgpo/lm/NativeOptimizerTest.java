package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.StepOptions;
import io.sgpo.train.ArrayAdamW;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Clipping and AdamW of the kernels against those on arrays, which other tests hold against
 * PyTorch's own values.
 */
class NativeOptimizerTest {

  @Test
  void clippedStepsWithDecayAreThoseOnArrays() {
    GoldenModel model = GoldenModel.of(GoldenModel.SMALL);
    AdamW settings = new AdamW(0.8, 0.95, 1e-6, 0.1);
    try (CausalLm policy = model.load()) {
      Nll objective = Nll.of(model.golden().get("nll"));
      policy.resetOptimizer(settings);
      double[] weights = weights(policy);
      ArrayAdamW onArrays = new ArrayAdamW(weights.length, settings);
      for (int step = 1; step <= 4; step++) {
        double clip = step % 2 == 0 ? 1e9 : 0.5;
        StepOptions options =
            StepOptions.of(0.01 * step, objective.tokens()).withMaxGradientNorm(clip);
        policy.training(objective.batch(), options).accumulate(objective);
        double[] gradient = gradient(policy);
        double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
        double scale = Math.min(1, clip / (norm + 1e-6)); // clip_grad_norm_
        onArrays.update(
            weights, Arrays.stream(gradient).map(g -> scale * g).toArray(), 0.01 * step);
        assertEquals(
            norm, policy.step(objective.batch(), objective, options).gradientNorm(), 1e-4 * norm);
        assertArrayEquals(weights, weights(policy), 2e-5 * step);
      }
    }
  }

  private static double[] gradient(CausalLm policy) {
    try (NDManager scratch = policy.decoder().scratch()) {
      return flat(policy.decoder().call("gradient_list", false, scratch.create(0f)));
    }
  }

  private static double[] weights(CausalLm policy) {
    return flat(policy.decoder().parameters().stream().map(Decoder.Parameter::array).toList());
  }

  private static double[] flat(List<NDArray> arrays) {
    return arrays.stream()
        .flatMapToDouble(
            array -> {
              float[] values = array.toFloatArray();
              double[] wide = new double[values.length];
              Arrays.setAll(wide, i -> values[i]);
              return Arrays.stream(wide);
            })
        .toArray();
  }
}
