package io.sgpo.lm;

import ai.djl.ndarray.NDManager;
import io.sgpo.policy.LogProbs;
import java.util.ArrayList;
import java.util.List;

/** What one lane computes of a micro-batch: the scores of its rows, then their gradients. */
final class LaneWork implements AutoCloseable {

  private final List<StepPart> parts;
  private final MicroBatch micro;
  private final int lane;

  /** For each part the places of its rows in this lane. */
  private final List<List<Integer>> places = new ArrayList<>();

  private final List<List<Graph>> graphs = new ArrayList<>();
  private final NDManager scratch;

  LaneWork(List<StepPart> parts, MicroBatch micro, LanePlan.Division division, int lane) {
    this.parts = parts;
    this.micro = micro;
    this.lane = lane;
    for (int p = 0; p < parts.size(); p++) {
      places.add(micro.places(p, group -> division.isIn(group, lane)));
    }
    this.scratch = parts.get(0).decoder().scratch();
  }

  /**
   * @param scores of all rows of the micro-batch; this lane's are set
   */
  void forward(double temperature, Packing packing, LogProbs[] scores) {
    List<Row> all = micro.rows();
    for (int p = 0; p < parts.size(); p++) {
      List<Row> rows = places.get(p).stream().map(all::get).toList();
      List<Graph> ofPart = parts.get(p).forward(lane, scratch, rows, temperature, packing);
      double[][] values = new double[rows.size()][0];
      ofPart.forEach(graph -> graph.scores(values));
      for (int i = 0; i < values.length; i++) {
        scores[places.get(p).get(i)] = LogProbs.of(values[i]);
      }
      graphs.add(ofPart);
    }
  }

  /**
   * @param coefficients of all rows of the micro-batch
   */
  void backward(double[][] coefficients) {
    for (int p = 0; p < parts.size(); p++) {
      double[][] own = places.get(p).stream().map(i -> coefficients[i]).toArray(double[][]::new);
      parts.get(p).backward(lane, graphs.get(p), own);
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
