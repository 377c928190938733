package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** A pass between its forward and its backward half. Its arrays belong to the scratch manager. */
final class Graph {

  private final Decoder decoder;
  private final NDManager scratch;
  private final Pass pass;
  private final NDList batch;
  private final NDList results;

  private Graph(Decoder decoder, NDManager scratch, Pass pass, NDList batch, NDList results) {
    this.decoder = decoder;
    this.scratch = scratch;
    this.pass = pass;
    this.batch = batch;
    this.results = results;
  }

  static Graph forward(Decoder decoder, NDManager scratch, Pass pass, double temperature) {
    NDList batch =
        new NDList(
            pass.ids(scratch),
            pass.positions(scratch),
            pass.blocks(scratch),
            pass.index(scratch),
            pass.targets(scratch),
            scratch.create((float) temperature));
    NDList results = decoder.call("forward_graph", true, new NDList(batch));
    return new Graph(decoder, scratch, pass, batch, results);
  }

  /** Puts the log-probabilities into the arrays of their rows. */
  void scores(double[][] byRow) {
    pass.scatter(results.get(0).toFloatArray(), byRow);
  }

  /** Adds the gradient of Σ coefficient · log-probability to the decoder's; to be called once. */
  void backward(double[][] coefficients) {
    NDList arguments = new NDList(batch);
    arguments.add(scratch.create(pass.gather(coefficients)));
    NDArray states = results.get(1);
    arguments.add(states);
    int inputs = decoder.options().recompute() ? decoder.config().layers() + 1 : 1;
    arguments.addAll(Kernels.named("inputs", results.subList(2, 2 + inputs)));
    arguments.addAll(Kernels.named("kept", results.subList(2 + inputs, results.size())));
    decoder.call("backward_graph", true, arguments);
  }
}
