package io.sgpo.lm;

import ai.djl.ndarray.NDManager;
import io.sgpo.checkpoint.Dtype;
import io.sgpo.checkpoint.TensorSource;
import java.util.ArrayList;
import java.util.List;

/** A model's weights W with its adapter merged: W + s B A where there is one. */
final class MergedWeights {

  private final Decoder decoder;
  private final Adapter adapter;

  private MergedWeights(Decoder decoder, Adapter adapter) {
    this.decoder = decoder;
    this.adapter = adapter;
  }

  /** All weights under their names, block by block when they are read. */
  static List<TensorSource> of(Decoder decoder) {
    List<TensorSource> weights = WeightFiles.sources(decoder);
    Adapter adapter = decoder.adapter();
    return adapter == null ? weights : new MergedWeights(decoder, adapter).merge(weights);
  }

  private List<TensorSource> merge(List<TensorSource> weights) {
    List<TensorSource> merged = new ArrayList<>();
    for (TensorSource weight : weights) {
      merged.add(
          adapter.layout().modules().stream()
              .filter(module -> weight.name().equals(module.name() + ".weight"))
              .findFirst()
              .map(module -> merge(weight, module))
              .orElse(weight));
    }
    return merged;
  }

  private TensorSource merge(TensorSource weight, AdapterLayout.Module module) {
    return new TensorSource(
        weight.name(),
        Dtype.F32,
        weight.shape(),
        (first, into, count) -> read(module, first, into, count));
  }

  private void read(AdapterLayout.Module module, long first, float[] into, int count) {
    try (NDManager scratch = decoder.scratch()) {
      float[] values =
          decoder
              .call(
                  "merged",
                  false,
                  scratch.create(new long[] {first, count}),
                  decoder.weight(module.place()),
                  adapter.a().get(module.place()),
                  adapter.b().get(module.place()))
              .singletonOrThrow()
              .toFloatArray();
      System.arraycopy(values, 0, into, 0, count);
    }
  }
}
