package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a decoder's gradients between two steps: to get as much anew takes longer than to
 * fill it. It is let go before responses are drawn and before a reference copies the weights;
 * scoring, which takes less than a step, leaves it. Thread-safe.
 */
final class SpareGradients implements AutoCloseable {

  private final Decoder decoder;
  private @Nullable NDManager manager;
  private List<NDArray> arrays = List.of();

  SpareGradients(Decoder decoder) {
    this.decoder = decoder;
    decoder.holdings().add(this);
  }

  /** Keeps arrays that a step has used up, which leave their manager. */
  synchronized void keep(NDList used) {
    drop();
    manager = decoder.scratch();
    used.attach(manager);
    arrays = Kernels.named("spare", used);
  }

  /** Gives the kernels what is there for the step that begins. */
  synchronized void lend() {
    if (arrays.isEmpty()) {
      return;
    }
    try (NDManager scratch = decoder.scratch()) {
      NDList arguments = new NDList(scratch.create(0f));
      arguments.addAll(arrays);
      decoder.call("lend_gradients", false, arguments);
    } finally {
      drop();
    }
  }

  /** Lets it go, and that of the decoder's lanes. */
  synchronized void free() {
    drop();
    decoder.lanes().drop();
  }

  private void drop() {
    arrays = List.of();
    if (manager != null) {
      manager.close();
      manager = null;
    }
  }

  @Override
  public void close() {
    decoder.holdings().remove(this);
    drop();
  }
}
