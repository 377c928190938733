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
  private final Holdings holdings;
  private final long bytes;
  private int holders = 1;

  private PackedWeights(NDManager manager, List<NDArray> arrays, Holdings holdings, long bytes) {
    this.manager = manager;
    this.arrays = arrays;
    this.holdings = holdings;
    this.bytes = bytes;
    holdings.add(Holdings.Part.PACKED, bytes);
  }

  /** The weights that a decoder computes with now, or none where there is no memory for them. */
  static PackedWeights of(Decoder decoder, Device device) {
    NDManager manager = NDManager.newBaseManager(device, PyTorch.NAME);
    boolean complete = false;
    try {
      NDList arrays = new NDList(manager.create(0f));
      MemoryEstimate estimate = MemoryEstimate.of(decoder.layout(), decoder.options());
      if (estimate.allowsPacking(decoder.options(), decoder.holdings())) {
        arrays = decoder.call("pack", false, arrays);
      }
      // One array is the kernels' answer where there is nothing to pack with.
      long bytes = arrays.size() > 1 ? estimate.weights() : 0;
      PackedWeights packed =
          new PackedWeights(manager, Kernels.named("packed", arrays), decoder.holdings(), bytes);
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
      holdings.add(Holdings.Part.PACKED, -bytes);
    }
  }
}
