package io.sgpo.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * A second copy of a model's matrices in the order in which the processor reads them for a product
 * with a few rows, as sampling needs. The last to release it frees it.
 */
final class PackedWeights {

  private final NDManager manager;
  private final List<NDArray> arrays;
  private int holders = 1;

  private PackedWeights(NDManager manager, List<NDArray> arrays) {
    this.manager = manager;
    this.arrays = arrays;
  }

  /** The weights that a decoder computes with now, or none where there is no memory for them. */
  static PackedWeights of(Decoder decoder, Device device) {
    NDManager manager = NDManager.newBaseManager(device, PyTorch.NAME);
    boolean complete = false;
    try {
      NDList arrays = new NDList(manager.create(0f));
      if (MemoryEstimate.of(decoder.config(), decoder.options()).allowsPacking(decoder.options())) {
        arrays = decoder.call("pack", false, arrays);
      }
      PackedWeights packed = new PackedWeights(manager, Kernels.named("packed", arrays));
      complete = true;
      return packed;
    } finally {
      if (!complete) {
        manager.close();
      }
    }
  }

  /** The list that kernels take as {@code packed}. */
  List<NDArray> arrays() {
    return arrays;
  }

  synchronized PackedWeights retain() {
    holders++;
    return this;
  }

  synchronized void release() {
    holders--;
    if (holders == 0) {
      manager.close();
    }
  }
}
