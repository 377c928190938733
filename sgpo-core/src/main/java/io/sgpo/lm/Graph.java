package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;

/**
 * A pass between its forward and its backward half. Its arrays belong to the scratch manager; what
 * it keeps for the second half stays in the kernels until that has run or gradients are dropped.
 */
final class Graph {

  private final Kernels kernels;
  private final NDManager scratch;
  private final Pass pass;
  private final NDList batch;
  private final @Nullable NDArray dropoutKeys;
  private NDList results = new NDList();

  private Graph(
      Kernels kernels, NDManager scratch, Pass pass, NDList batch, @Nullable NDArray dropoutKeys) {
    this.kernels = kernels;
    this.scratch = scratch;
    this.pass = pass;
    this.batch = batch;
    this.dropoutKeys = dropoutKeys;
  }

  /**
   * @param kernels the decoder's, or those of one of its lanes
   * @param dropout of the step, which clears it at its end; null for none
   */
  static Graph forward(
      Kernels kernels,
      NDManager scratch,
      Pass pass,
      double temperature,
      @Nullable Dropout dropout) {
    NDList batch = pass.batch(scratch, temperature);
    NDArray keys = dropout == null ? null : pass.dropoutKeys(scratch, dropout);
    Graph graph = new Graph(kernels, scratch, pass, batch, keys);
    graph.results = graph.call("forward_graph", new NDList(batch));
    return graph;
  }

  /** Runs a kernel with the pass's dropout, which is the same forward and backward. */
  private NDList call(String kernel, NDList arguments) {
    if (dropoutKeys != null) {
      kernels.call("set_dropout", false, new NDList(dropoutKeys));
    }
    return kernels.call(kernel, true, arguments);
  }

  /** Puts the log-probabilities into the arrays of their rows. */
  void scores(double[][] byRow) {
    pass.scatter(results.get(0).toFloatArray(), byRow);
  }

  /** Adds the gradient of Σ coefficient · log-probability to the decoder's; to be called once. */
  void backward(double[][] coefficients) {
    NDList arguments = new NDList(batch);
    arguments.add(scratch.create(pass.gather(coefficients)));
    arguments.add(results.get(1));
    call("backward_graph", arguments);
  }
}
