package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a decoder that are trained: the adapter's, with a scalar head beside them, or all
 * weights. Weights that are not float32 have masters that are, and which the optimizer updates.
 */
final class TrainedTensors {

  private final BaseWeights base;
  private final @Nullable Adapter adapter;
  private final Tensors tensors;
  private final boolean masters;
  private @Nullable List<Decoder.Parameter> parameters;

  /**
   * @param adapter over the weights, or null for none
   * @param precision of the weights
   */
  TrainedTensors(
      BaseWeights base, @Nullable Adapter adapter, Tensors tensors, Precision precision) {
    this.base = base;
    this.adapter = adapter;
    this.tensors = tensors;
    this.masters = adapter == null && precision != Precision.FLOAT32;
  }

  /** All of them, in order; the first call makes masters and has the kernels train. */
  List<Decoder.Parameter> in(Kernels kernels) {
    if (parameters == null) {
      List<Decoder.Parameter> made = made();
      train(kernels, made);
      parameters = made;
    }
    return parameters;
  }

  /** The weights under their names, without the adapter: the master where there is one. */
  List<Decoder.Parameter> weights() {
    return adapter == null && parameters != null ? parameters : base.parameters();
  }

  private List<Decoder.Parameter> made() {
    if (adapter != null) {
      return withScalarHead(adapter.parameters());
    }
    return masters ? base.parameters().stream().map(this::widened).toList() : base.parameters();
  }

  private Decoder.Parameter widened(Decoder.Parameter weight) {
    NDArray master = tensors.widened(base.manager(), weight.array());
    return new Decoder.Parameter(weight.slot(), master);
  }

  private List<Decoder.Parameter> withScalarHead(List<Decoder.Parameter> trained) {
    List<Decoder.Parameter> all = new ArrayList<>(trained);
    if (base.layout().head() == WeightLayout.Head.SCALAR) {
      WeightLayout.Slot slot = base.layout().slots().get(WeightLayout.HEAD_PLACE);
      all.add(new Decoder.Parameter(slot, base.arrays().get(WeightLayout.HEAD_PLACE)));
    }
    return all;
  }

  /** Has kernels over the same weights train them. */
  void train(Kernels kernels, List<Decoder.Parameter> trained) {
    try (NDManager scratch = kernels.scratch()) {
      NDList arguments = new NDList(scratch.create(places()));
      if (masters) {
        arguments.addAll(
            Kernels.named("masters", trained.stream().map(Decoder.Parameter::array).toList()));
      }
      kernels.call(method(), false, arguments);
    }
  }

  private String method() {
    if (adapter != null) {
      return "train_adapter";
    }
    return masters ? "train_masters" : "train_weights";
  }

  private long[] places() {
    return adapter == null
        ? Arrays.stream(base.layout().places()).asLongStream().toArray()
        : adapter.layout().modules().stream().mapToLong(AdapterLayout.Module::place).toArray();
  }
}
