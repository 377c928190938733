package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import io.sgpo.policy.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Weights to train from scratch: norms multiply by 1, biases 0, matrices normal with standard
 * deviation initializer_range, those that write to the residual stream scaled by 1/√(2 · layers)
 * (GPT-2). A tensor's values depend on the seed and its name only.
 */
final class FreshWeights {

  private static final String PURPOSE = "weights";

  private FreshWeights() {}

  static void fill(Decoder decoder, long seed) {
    for (int place : decoder.layout().places()) {
      fill(decoder, place, seed);
    }
  }

  /** Fills the output head only. */
  static void fillHead(Decoder decoder, long seed) {
    fill(decoder, WeightLayout.HEAD_PLACE, seed);
  }

  private static void fill(Decoder decoder, int place, long seed) {
    fill(decoder, decoder.layout().slots().get(place), decoder.weight(place), seed);
  }

  /** Starts an adapter: A uniform in ±1/√in, B stays zero (PEFT's default). */
  static void fillAdapter(Decoder decoder, Adapter adapter) {
    for (AdapterLayout.Module module : adapter.layout().modules()) {
      long seed = adapter.layout().options().seed();
      SplittableRandom random = Streams.of(seed, PURPOSE + "/" + module.a().name());
      double bound = 1 / Math.sqrt(module.a().shape().get(1));
      fill(
          decoder,
          module.a(),
          adapter.a().get(module.place()),
          () -> random.nextDouble(-bound, bound));
    }
  }

  private static void fill(Decoder decoder, WeightLayout.Slot slot, NDArray target, long seed) {
    SplittableRandom random = Streams.of(seed, PURPOSE + "/" + slot.name());
    double deviation = deviation(decoder.config(), slot.kind());
    if (slot.isMatrix()) {
      fill(decoder, slot, target, () -> deviation * random.nextGaussian());
    } else {
      fill(decoder, slot, target, () -> start(decoder.config(), slot));
    }
  }

  /** Norms multiply by 1 at first. */
  private static double start(ModelConfig config, WeightLayout.Slot slot) {
    boolean norm = slot.kind() == WeightLayout.Kind.NORM;
    return norm && !config.architecture().has(Architecture.Trait.UNIT_NORMS) ? 1 : 0;
  }

  private static void fill(
      Decoder decoder, WeightLayout.Slot slot, NDArray target, DoubleSupplier values) {
    try {
      WeightFiles.copy(
          slot.elements(),
          decoder,
          target,
          (first, into, count) -> {
            for (int i = 0; i < count; i++) {
              into[i] = (float) values.getAsDouble();
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double deviation(ModelConfig config, WeightLayout.Kind kind) {
    boolean residual = kind == WeightLayout.Kind.RESIDUAL;
    double scale = residual ? 1 / Math.sqrt(2.0 * config.layers()) : 1;
    return config.initializerRange() * scale;
  }
}
