package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import io.sgpo.policy.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Weights to train from scratch: norms 1, biases 0, matrices normal with standard deviation
 * initializer_range, those that write to the residual stream scaled by 1/√(2 · layers) (GPT-2). A
 * tensor's values depend on the seed and its name only.
 */
final class FreshWeights {

  private static final String PURPOSE = "weights";

  private FreshWeights() {}

  static void fill(Decoder decoder, long seed) {
    for (int place : decoder.layout().places()) {
      WeightLayout.Slot slot = decoder.layout().slots().get(place);
      fill(decoder, slot, decoder.weight(place), seed);
    }
  }

  private static void fill(Decoder decoder, WeightLayout.Slot slot, NDArray target, long seed) {
    SplittableRandom random = Streams.of(seed, PURPOSE + "/" + slot.name());
    double deviation = deviation(decoder.config(), slot.name());
    try {
      WeightFiles.copy(
          slot.elements(),
          decoder,
          target,
          (first, into, count) -> {
            if (slot.isMatrix()) {
              for (int i = 0; i < count; i++) {
                into[i] = (float) (deviation * random.nextGaussian());
              }
            } else {
              Arrays.fill(into, 0, count, slot.isNorm() ? 1 : 0);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double deviation(ModelConfig config, String name) {
    boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    double scale = residual ? 1 / Math.sqrt(2.0 * config.layers()) : 1;
    return config.initializerRange() * scale;
  }
}
