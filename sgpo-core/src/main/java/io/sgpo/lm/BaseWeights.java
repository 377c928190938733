package io.sgpo.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The native tensors of a model's layout. Under LoRA they never change, and the policy and its
 * references hold them together: the last to release them closes them.
 */
final class BaseWeights {

  private final NDManager manager;
  private final WeightLayout layout;
  private final List<NDArray> arrays = new ArrayList<>();
  private int holders = 1;
  private @Nullable String digest;
  private @Nullable PackedWeights packed;
  private @Nullable Holdings holdings;
  private long bytes;

  /** No tensors yet. */
  BaseWeights(Device device, WeightLayout layout) {
    this.manager = NDManager.newBaseManager(device, PyTorch.NAME);
    this.layout = layout;
  }

  /** Weights that a reference copied: so many bytes are held until they are closed. */
  BaseWeights heldBy(Holdings account, long copied) {
    holdings = account;
    bytes = copied;
    account.add(Holdings.Part.REFERENCES, copied);
    return this;
  }

  NDManager manager() {
    return manager;
  }

  WeightLayout layout() {
    return layout;
  }

  /** A tensor for each place of the layout; absent ones are empty, a tied head is the embedding. */
  List<NDArray> arrays() {
    return arrays;
  }

  /**
   * Adds the tensors.
   *
   * @param maker makes that of a place of the layout, in this {@link #manager}
   */
  void fill(IntFunction<NDArray> maker) {
    NDArray absent = manager.create(new Shape(0));
    for (int place = 0; place < layout.slots().size(); place++) {
      arrays.add(layout.slots().get(place).present() ? maker.apply(place) : absent);
    }
    if (layout.headIsEmbedding()) {
      arrays.set(WeightLayout.HEAD_PLACE, arrays.get(0));
    }
    Kernels.named("weights", arrays);
  }

  /** Those that are there, under their names. */
  List<Decoder.Parameter> parameters() {
    return Arrays.stream(layout.places())
        .mapToObj(place -> new Decoder.Parameter(layout.slots().get(place), arrays.get(place)))
        .toList();
  }

  synchronized BaseWeights retain() {
    holders++;
    return this;
  }

  synchronized void release() {
    holders--;
    if (holders == 0) {
      dropPacked();
      manager.close();
      if (holdings != null) {
        holdings.add(Holdings.Part.REFERENCES, -bytes);
      }
    }
  }

  /** The packed weights, made when they are first asked for and kept until the weights change. */
  synchronized PackedWeights pack(Decoder packer) {
    if (packed == null) {
      packed = PackedWeights.of(packer, manager.getDevice());
    }
    return packed.retain();
  }

  synchronized void dropPacked() {
    if (packed != null) {
      packed.release();
      packed = null;
    }
  }

  /**
   * The hash of the weights but a scalar head, computed once: only for weights that no longer
   * change.
   */
  synchronized String digest(Decoder reader) {
    if (digest == null) {
      digest =
          WeightDigest.of(
              WeightFiles.sources(reader).stream()
                  .filter(tensor -> !tensor.name().equals(WeightLayout.SCORE))
                  .toList());
    }
    return digest;
  }
}
