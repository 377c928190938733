package io.sgpo.lm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Kernels over one decoder's weights that work side by side in a training step, each with gradients
 * and passes of its own; the first are the decoder's. The others are made when they are first
 * needed. The decoder closes them.
 */
final class Lanes implements AutoCloseable {

  /** Kernels beside the decoder's, and the memory of their gradients. */
  private record Lane(Kernels kernels, SpareGradients spare) {}

  private final Kernels own;
  private final Holdings holdings;
  private final Consumer<Kernels> setUp;
  private final List<Lane> beside = new ArrayList<>();

  /**
   * @param own the decoder's
   * @param holdings let go of the memory of gradients between steps
   * @param setUp gives further kernels the weights
   */
  Lanes(Kernels own, Holdings holdings, Consumer<Kernels> setUp) {
    this.own = own;
    this.holdings = holdings;
    this.setUp = setUp;
  }

  /** Makes sure that there are so many; false where there is no place for them. */
  synchronized boolean open(int wanted) {
    int before = beside.size();
    while (1 + beside.size() < wanted) {
      Kernels more = own.beside();
      if (more == null) {
        close(before); // others may have a use for them
        return false;
      }
      boolean complete = false;
      try {
        setUp.accept(more);
        beside.add(new Lane(more, new SpareGradients(more, holdings)));
        complete = true;
      } finally {
        if (!complete) {
          more.close();
        }
      }
    }
    return true;
  }

  /** Those of a lane that is open. */
  synchronized Kernels get(int lane) {
    return lane == 0 ? own : beside.get(lane - 1).kernels();
  }

  /**
   * Leaves nothing of an earlier step in those beside the decoder's but the memory of gradients, to
   * those that a step will use.
   *
   * @param used how many lanes that step has
   */
  synchronized void begin(int used) {
    drop();
    for (int lane = 1; lane <= beside.size(); lane++) {
      SpareGradients spare = beside.get(lane - 1).spare();
      if (lane < used) {
        spare.lend();
      } else {
        spare.free();
      }
    }
  }

  /** Adds the gradients of a lane beside the decoder's, which has some, to the decoder's. */
  synchronized void join(int lane) {
    Lane from = beside.get(lane - 1);
    from.spare().keep(own.takeGradients(from.kernels()));
  }

  /** Drops what those beside the decoder's have of a step. */
  synchronized void drop() {
    beside.forEach(lane -> lane.kernels().command("drop_gradients"));
  }

  /** Ends the dropout of a step. */
  synchronized void clearDropout() {
    own.command("clear_dropout");
    beside.forEach(lane -> lane.kernels().command("clear_dropout"));
  }

  /** Arrays that live in Java's hands for those beside the decoder's. */
  synchronized int liveArrays() {
    return beside.stream().mapToInt(lane -> lane.kernels().liveArrays()).sum();
  }

  @Override
  public synchronized void close() {
    close(0);
  }

  /** Closes those from a place on. */
  private void close(int first) {
    List<Lane> closed = beside.subList(first, beside.size());
    for (Lane lane : closed) {
      lane.spare().close();
      lane.kernels().close();
    }
    closed.clear();
  }
}
