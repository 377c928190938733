package io.sgpo.ssapo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.follower.GapLoss;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.Progress;
import io.sgpo.run.RunState;
import io.sgpo.run.StepReport;
import io.sgpo.train.Batches;
import io.sgpo.train.Extent;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains the leader for a round on all pairs of the table, with a fresh optimizer, with or without
 * a follower. The follower is the only difference between SSAPO and iterative DPO: the same
 * batches, the same optimizer, another slope.
 */
final class LeaderTraining implements Phase {

  /** Pairs scored at a time when all gaps are taken afresh. */
  private static final int CHUNK = 64;

  private final PreferenceTask task;
  private final PairTable table;
  private final AlignmentListener listener;
  private final int round;
  private final @Nullable GapFollower follower;
  private final int solves;
  private final int steps;
  private final Batches batches;
  private int scored;
  private int step;
  private double loss;
  private double[] solvedOn = new double[0];
  private Leader leader = Leader.DPO;
  private Map<Metric, Double> solved = Map.of();

  /**
   * @param solves how often the follower is solved, at evenly spaced steps
   */
  LeaderTraining(
      PreferenceTask task,
      PairTable table,
      AlignmentListener listener,
      int round,
      Extent extent,
      @Nullable GapFollower follower,
      int solves) {
    this.task = task;
    this.table = table;
    this.listener = listener;
    this.round = round;
    this.follower = follower;
    this.solves = solves;
    int batchSize = task.training().batchSize();
    this.steps = extent.steps(table.size(), batchSize);
    this.batches = new Batches(table.size(), batchSize, task.seed(), "train", round);
    this.scored = follower == null ? table.size() : 0;
  }

  /** Goes on from a state; the follower's last answer is solved again. */
  @Override
  public void restore(RunState state) {
    scored = state.count("scored");
    step = state.count("step");
    loss = state.number("loss");
    solvedOn = state.numbers("solvedOn");
    batches.skip(step);
    if (follower != null && solvedOn.length > 0) {
      take(follower.answer(solvedOn));
    }
  }

  @Override
  public RunState state() {
    return new RunState()
        .put("scored", scored)
        .put("step", step)
        .put("loss", loss)
        .put("solvedOn", solvedOn);
  }

  @Override
  public boolean isDone() {
    return step == steps;
  }

  /**
   * Scores a chunk of pairs, or takes a step.
   *
   * @throws SaturationException if the follower's radius saturates and that is not allowed
   */
  @Override
  public void advance() {
    if (scored < table.size()) {
      Interruption.check("scoring");
      scoreChunk();
    } else {
      Interruption.check("training");
      train();
    }
  }

  private void train() {
    if (step == 0) {
      task.policy().resetOptimizer(task.training().optimizer());
    }
    if (follower != null && isDue(step, steps, solves)) {
      solvedOn = table.lastSeen();
      take(follower.solve(round, solvedOn));
    }
    int[] batch = batches.peek();
    StepOptions options = task.training().step(step, steps, batch.length);
    StepResult result = step(batch, options);
    batches.next();
    step++;
    loss += result.loss();
    listener.onStep(new StepReport(round, step, steps, result));
    listener.onProgress(new Progress("train", round, step, steps));
  }

  private void take(GapFollower.Answer answer) {
    leader = answer.leader();
    solved = answer.metrics();
  }

  /** Whether step is the first of one of {@code solves} even parts of the steps. */
  static boolean isDue(int step, int steps, int solves) {
    return step == 0 || (long) step * solves / steps != (step - 1L) * solves / steps;
  }

  /** The gaps that the step saw are remembered once it is applied. */
  private StepResult step(int[] batch, StepOptions options) {
    List<TrainingGroup> groups = new ArrayList<>(batch.length);
    for (int pair : batch) {
      groups.add(table.group(pair));
    }
    double[] gaps = new double[batch.length];
    Objective.Separable objective =
        (group, scores) -> {
          gaps[group] = table.gap(batch[group], scores.get(0), scores.get(1));
          return gradient(batch[group], gaps[group]);
        };
    StepResult result = task.policy().step(groups, objective, options);
    for (int i = 0; i < batch.length; i++) {
      table.see(batch[i], gaps[i]);
    }
    return result;
  }

  /** The loss that is reported is DPO's, under every leader. */
  private GroupGradient gradient(int pair, double gap) {
    // ∂L/∂log π(y_w) = β ∂L/∂ξ, ∂L/∂log π(y_l) = −β ∂L/∂ξ
    double coefficient = task.beta() * leader.slope(pair, gap);
    return GroupGradient.ofSequences(GapLoss.logistic().value(gap), coefficient, -coefficient);
  }

  /** Takes the gaps of some pairs afresh. */
  private void scoreChunk() {
    int end = Math.min(table.size(), scored + CHUNK);
    List<LogProbs> scores = task.policy().logProbs(exchanges(scored, end));
    double[] gaps = new double[end - scored];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = table.gap(scored + i, scores.get(2 * i), scores.get(2 * i + 1));
      if (!Double.isFinite(gaps[i])) {
        throw new ArithmeticException(
            "the gap of pair " + (scored + i) + " must be finite, but was " + gaps[i]);
      }
    }
    for (int i = 0; i < gaps.length; i++) {
      table.see(scored + i, gaps[i]);
    }
    scored = end;
    listener.onProgress(new Progress("score", round, end, table.size()));
  }

  private List<Exchange> exchanges(int start, int end) {
    return Stream.iterate(start, pair -> pair < end, pair -> pair + 1)
        .flatMap(pair -> table.group(pair).items().stream())
        .map(TrainingItem::exchange)
        .toList();
  }

  /** What was measured, once all is done. */
  Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metrics.PAIRS, (double) table.size());
    metrics.put(Metrics.STEPS, (double) steps);
    metrics.put(Metrics.LOSS, loss / steps);
    GapStatistics.put(metrics, table.lastSeen());
    metrics.putAll(solved);
    return metrics;
  }
}
