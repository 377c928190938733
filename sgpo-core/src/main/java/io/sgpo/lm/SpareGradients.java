package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the gradients of some kernels between two steps: to get as much anew takes longer
 * than to fill it. It is let go before responses are drawn and before a reference copies the
 * weights; scoring, which takes less than a step, leaves it. That calls no kernel, so a reference
 * may draw while a step runs. Thread-safe.
 */
final class SpareGradients implements AutoCloseable {

  private final Kernels kernels;
  private final Holdings holdings;
  private @Nullable NDManager manager;
  private List<NDArray> arrays = List.of();

  /**
   * @param holdings lets it go
   */
  SpareGradients(Kernels kernels, Holdings holdings) {
    this.kernels = kernels;
    this.holdings = holdings;
    holdings.add(this);
  }

  /** Keeps arrays that a step has used up, which leave their manager. */
  synchronized void keep(NDList used) {
    free();
    manager = kernels.scratch();
    used.attach(manager);
    arrays = Kernels.named("spare", used);
  }

  /** Gives the kernels what is there for the step that begins. */
  synchronized void lend() {
    if (arrays.isEmpty()) {
      return;
    }
    try (NDManager scratch = kernels.scratch()) {
      NDList arguments = new NDList(scratch.create(0f));
      arguments.addAll(arrays);
      kernels.call("lend_gradients", false, arguments);
    } finally {
      free();
    }
  }

  synchronized void free() {
    arrays = List.of();
    if (manager != null) {
      manager.close();
      manager = null;
    }
  }

  @Override
  public void close() {
    holdings.remove(this);
    free();
  }
}
