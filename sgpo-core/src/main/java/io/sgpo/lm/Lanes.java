package io.sgpo.lm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Kernels over one decoder's weights that work side by side in a training step, each with gradients
 * and passes of its own; the first are the decoder's. The others are made when they are first
 * needed, and keep the memory of their gradients for the next step. The decoder closes them.
 */
final class Lanes implements AutoCloseable {

  private final Kernels own;
  private final Consumer<Kernels> setUp;
  private final List<Kernels> beside = new ArrayList<>();

  /**
   * @param own the decoder's
   * @param setUp gives further kernels the weights
   */
  Lanes(Kernels own, Consumer<Kernels> setUp) {
    this.own = own;
    this.setUp = setUp;
  }

  /** Makes sure that there are so many, or as many as there is a place for; at least one. */
  synchronized int open(int wanted) {
    while (1 + beside.size() < wanted) {
      Kernels more = own.beside();
      if (more == null) {
        break;
      }
      beside.add(more);
      boolean complete = false;
      try {
        setUp.accept(more);
        complete = true;
      } finally {
        if (!complete) {
          beside.remove(more);
          more.close();
        }
      }
    }
    return Math.min(wanted, 1 + beside.size());
  }

  /** Those of a lane that is open. */
  synchronized Kernels get(int lane) {
    return lane == 0 ? own : beside.get(lane - 1);
  }

  /** Adds the gradients of all to the decoder's. */
  synchronized void join() {
    beside.forEach(own::takeGradients);
  }

  /** Drops the gradients of those beside the decoder's, and their memory. */
  synchronized void drop() {
    beside.forEach(kernels -> kernels.command("drop_gradients"));
  }

  /** Ends the dropout of a step. */
  synchronized void clearDropout() {
    own.command("clear_dropout");
    beside.forEach(kernels -> kernels.command("clear_dropout"));
  }

  @Override
  public synchronized void close() {
    beside.forEach(Kernels::close);
    beside.clear();
  }
}
