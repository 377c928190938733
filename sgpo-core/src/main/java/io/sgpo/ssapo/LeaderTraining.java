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
 * Trains the leader on all pairs of the table, with or without a follower. The follower is the only
 * difference between SSAPO and iterative DPO: the same batches, the same optimizer, another slope.
 */
final class LeaderTraining {

  /** Pairs scored at a time when all gaps are taken afresh. */
  private static final int CHUNK = 64;

  private final PreferenceTask task;
  private final PairTable table;
  private final AlignmentListener listener;

  LeaderTraining(PreferenceTask task, PairTable table, AlignmentListener listener) {
    this.task = task;
    this.table = table;
    this.listener = listener;
  }

  /**
   * One round of training with a fresh optimizer.
   *
   * @param solves how often the follower is solved, at evenly spaced steps
   * @return what was measured
   * @throws SaturationException if the follower's radius saturates and that is not allowed
   */
  Map<Metric, Double> train(int round, Extent extent, @Nullable GapFollower follower, int solves) {
    int batchSize = task.training().batchSize();
    int steps = extent.steps(table.size(), batchSize);
    Batches batches = new Batches(table.size(), batchSize, task.seed(), "train", round);
    task.policy().resetOptimizer(task.training().optimizer());
    if (follower != null) {
      seeAll(round);
    }
    Leader leader = Leader.DPO;
    Map<Metric, Double> solved = Map.of();
    double loss = 0;
    for (int step = 0; step < steps; step++) {
      Interruption.check("training");
      if (follower != null && isDue(step, steps, solves)) {
        GapFollower.Answer answer = follower.solve(round, table.lastSeen());
        leader = answer.leader();
        solved = answer.metrics();
      }
      int[] batch = batches.next();
      StepOptions options = task.training().step(step, steps, batch.length);
      StepResult result = step(batch, leader, options);
      loss += result.loss();
      listener.onStep(new StepReport(round, step + 1, steps, result));
      listener.onProgress(new Progress("train", round, step + 1L, steps));
    }
    return metrics(steps, loss / steps, solved);
  }

  /** Whether step is the first of one of {@code solves} even parts of the steps. */
  static boolean isDue(int step, int steps, int solves) {
    return step == 0 || (long) step * solves / steps != (step - 1L) * solves / steps;
  }

  private StepResult step(int[] batch, Leader leader, StepOptions options) {
    List<TrainingGroup> groups = new ArrayList<>(batch.length);
    for (int pair : batch) {
      groups.add(table.group(pair));
    }
    Objective.Separable objective = (group, scores) -> gradient(batch[group], scores, leader);
    return task.policy().step(groups, objective, options);
  }

  /** The loss that is reported is DPO's, under every leader. */
  private GroupGradient gradient(int pair, List<LogProbs> scores, Leader leader) {
    double gap = table.see(pair, scores.get(0), scores.get(1));
    // ∂L/∂log π(y_w) = β ∂L/∂ξ, ∂L/∂log π(y_l) = −β ∂L/∂ξ
    double coefficient = task.beta() * leader.slope(pair, gap);
    return GroupGradient.ofSequences(GapLoss.logistic().value(gap), coefficient, -coefficient);
  }

  /** Takes all gaps afresh. */
  private void seeAll(int round) {
    for (int start = 0; start < table.size(); start += CHUNK) {
      Interruption.check("scoring");
      int end = Math.min(table.size(), start + CHUNK);
      List<LogProbs> scores = task.policy().logProbs(exchanges(start, end));
      for (int pair = start; pair < end; pair++) {
        int chosen = 2 * (pair - start);
        double gap = table.see(pair, scores.get(chosen), scores.get(chosen + 1));
        if (!Double.isFinite(gap)) {
          throw new ArithmeticException(
              "the gap of pair " + pair + " must be finite, but was " + gap);
        }
      }
      listener.onProgress(new Progress("score", round, end, table.size()));
    }
  }

  private List<Exchange> exchanges(int start, int end) {
    return Stream.iterate(start, pair -> pair < end, pair -> pair + 1)
        .flatMap(pair -> table.group(pair).items().stream())
        .map(TrainingItem::exchange)
        .toList();
  }

  private Map<Metric, Double> metrics(int steps, double loss, Map<Metric, Double> solved) {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metrics.PAIRS, (double) table.size());
    metrics.put(Metrics.STEPS, (double) steps);
    metrics.put(Metrics.LOSS, loss);
    GapStatistics.put(metrics, table.lastSeen());
    metrics.putAll(solved);
    return metrics;
  }
}
