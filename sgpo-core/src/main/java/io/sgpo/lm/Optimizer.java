package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.sgpo.policy.AdamW;
import java.util.List;

/** AdamW over all trained tensors of a decoder; moments are float32 in native memory. */
final class Optimizer implements AutoCloseable {

  private final Decoder decoder;
  private final SpareGradients spare;
  private AdamW settings = AdamW.DEFAULT;
  private long step;
  private List<NDArray> first = List.of();
  private List<NDArray> second = List.of();
  private long held;

  Optimizer(Decoder decoder) {
    this.decoder = decoder;
    this.spare = decoder.spareGradients();
  }

  AdamW settings() {
    return settings;
  }

  long step() {
    return step;
  }

  /** First moments, in the order of the trained tensors; empty before the first step. */
  List<NDArray> first() {
    return first;
  }

  List<NDArray> second() {
    return second;
  }

  /** Forgets moments and step count. */
  void reset(AdamW newSettings) {
    spare.free();
    forget();
    settings = newSettings;
    step = 0;
  }

  /** Zero moments to be filled, at a step count. */
  void restore(AdamW newSettings, long steps) {
    reset(newSettings);
    step = steps;
    if (steps > 0) {
      allocate();
    }
  }

  /** Gives the decoder's gradients of the step that begins the memory of the last ones. */
  void begin() {
    spare.lend();
  }

  /** Applies the decoder's gradients, scaled, and consumes them. */
  void apply(double learningRate, double gradientScale) {
    if (first.isEmpty()) {
      allocate();
    }
    step++;
    decoder.weightsChanged();
    try (NDManager scratch = decoder.scratch()) {
      double[] values = {
        learningRate,
        settings.beta1(),
        settings.beta2(),
        settings.weightDecay(),
        settings.epsilon(),
        gradientScale
      };
      NDList arguments = new NDList(scratch.create(values), scratch.create((float) step));
      arguments.addAll(first);
      arguments.addAll(second);
      spare.keep(decoder.call("adamw", false, arguments));
    }
  }

  private void allocate() {
    first = Kernels.named("first", decoder.zerosLikeTrained());
    second = Kernels.named("second", decoder.zerosLikeTrained());
    held =
        2L * Float.BYTES * decoder.parameters().stream().mapToLong(p -> p.slot().elements()).sum();
    decoder.holdings().add(Holdings.Part.MOMENTS, held);
  }

  @Override
  public void close() {
    spare.close();
    forget();
  }

  private void forget() {
    decoder.holdings().add(Holdings.Part.MOMENTS, -held);
    held = 0;
    first.forEach(NDArray::close);
    second.forEach(NDArray::close);
    first = List.of();
    second = List.of();
  }
}
