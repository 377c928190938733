package io.sgpo.ssapo;

import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.solvers.follower.KlPenalty;
import io.sgpo.solvers.loss.PreferenceLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A step on a batch of pairs. The objective is a sum over pairs, unless a penalty weights them by
 * their losses or the follower is solved for the batch: then all gaps are known first.
 */
final class PairStep {

  private final PreferenceTask task;
  private final PairTable table;
  private final double beta;
  private final PreferenceLoss loss;

  PairStep(PreferenceTask task, PairTable table, RoundTraining plan) {
    this.task = task;
    this.table = table;
    this.beta = plan.beta();
    this.loss = task.loss().of(beta);
  }

  /** ℓ. */
  PreferenceLoss loss() {
    return loss;
  }

  /**
   * What a pair is trained as.
   *
   * @param probability p of its label
   * @param margin by which the label was judged
   */
  record Label(double probability, double margin) {}

  /** Says what the pairs of a batch are trained as. */
  @FunctionalInterface
  interface Labels {

    /** The labels of the pairs. */
    Labels AS_THEY_ARE = (index, probability, gap) -> new Label(probability, gap);

    /**
     * @param index the pair's place in the batch
     * @param probability p of its label
     * @param gap its gap
     */
    Label of(int index, double probability, double gap);
  }

  /** Where the slopes of a batch come from. */
  record BatchLeader(@Nullable Leader round, @Nullable Function<LabelledGaps, Leader> ofBatch) {

    /** The leader of all pairs between two solves. */
    static BatchLeader of(Leader round) {
      return new BatchLeader(round, null);
    }

    /** A leader that is solved for the batch. */
    static BatchLeader solving(Function<LabelledGaps, Leader> ofBatch) {
      return new BatchLeader(null, ofBatch);
    }
  }

  /**
   * What a step did.
   *
   * @param scores what the policy said of the pairs before it
   * @param labels what they were trained as
   * @param chosenTokens tokens of the chosen responses
   * @param rejectedTokens tokens of the rejected responses
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Outcome(
      StepResult result,
      PairTable.Scores[] scores,
      Label[] labels,
      long chosenTokens,
      long rejectedTokens) {}

  /**
   * Takes the step.
   *
   * @param batch the pairs, by their place in the table
   * @param places their places among the gaps that a leader was solved for
   */
  Outcome take(int[] batch, int[] places, Labels labels, StepOptions options, BatchLeader leader) {
    List<TrainingGroup> groups = new ArrayList<>(batch.length);
    for (int pair : batch) {
      groups.add(table.group(pair));
    }
    Seen seen = new Seen(batch, labels);
    KlPenalty penalty = task.klPenalty();
    Objective objective;
    if (leader.round() != null && penalty == null) {
      Leader round = leader.round();
      Objective.Separable separable =
          (group, scores) -> {
            seen.take(group, scores);
            return gradient(seen, group, places[group], round, 1);
          };
      objective = separable;
    } else {
      Objective.Coupled coupled = all -> gradients(seen, places, all, leader, penalty);
      objective = coupled;
    }
    StepResult result = task.policy().step(groups, objective, options);
    return new Outcome(
        result,
        seen.scores,
        seen.labels,
        LongStream.of(seen.chosenTokens).sum(),
        LongStream.of(seen.rejectedTokens).sum());
  }

  /** Gaps and labels of a batch, as far as they are known. */
  private final class Seen {
    private final int[] batch;
    private final Labels rule;
    private final PairTable.Scores[] scores;
    private final double[] gaps;
    private final Label[] labels;
    private final long[] chosenTokens;
    private final long[] rejectedTokens;

    Seen(int[] batch, Labels rule) {
      this.batch = batch;
      this.rule = rule;
      this.scores = new PairTable.Scores[batch.length];
      this.gaps = new double[batch.length];
      this.labels = new Label[batch.length];
      this.chosenTokens = new long[batch.length];
      this.rejectedTokens = new long[batch.length];
    }

    void take(int index, List<LogProbs> of) {
      scores[index] = PairTable.Scores.of(of.get(0), of.get(1));
      chosenTokens[index] = of.get(0).size();
      rejectedTokens[index] = of.get(1).size();
      gaps[index] = table.gap(batch[index], scores[index], beta);
      labels[index] = rule.of(index, table.probability(batch[index]), gaps[index]);
    }

    double loss(int index) {
      return PairLoss.value(loss, gaps[index], labels[index].probability());
    }

    double[] probabilities() {
      double[] probabilities = new double[labels.length];
      for (int i = 0; i < labels.length; i++) {
        probabilities[i] = labels[i].probability();
      }
      return probabilities;
    }
  }

  private List<GroupGradient> gradients(
      Seen seen,
      int[] places,
      List<List<LogProbs>> scores,
      BatchLeader leader,
      @Nullable KlPenalty penalty) {
    double[] losses = new double[places.length];
    for (int i = 0; i < losses.length; i++) {
      seen.take(i, scores.get(i));
      losses[i] = seen.loss(i);
    }
    double[] weights = penalty == null ? null : penalty.weights(losses);
    boolean solves = leader.round() == null;
    Leader slopes = solves ? solve(leader, seen) : leader.round();
    List<GroupGradient> gradients = new ArrayList<>(losses.length);
    for (int i = 0; i < losses.length; i++) {
      double weight = weights == null ? 1 : weights[i];
      gradients.add(
          gradient(seen, i, solves ? i : places[i], Objects.requireNonNull(slopes), weight));
    }
    return gradients;
  }

  private static Leader solve(BatchLeader leader, Seen seen) {
    return Objects.requireNonNull(leader.ofBatch())
        .apply(new LabelledGaps(seen.gaps, seen.probabilities()));
  }

  /** The loss that is reported is the pair's own, under every leader and weight. */
  private GroupGradient gradient(Seen seen, int index, int place, Leader leader, double weight) {
    double probability = seen.labels[index].probability();
    // ∂L/∂log π(y_w) = β ∂L/∂ξ, ∂L/∂log π(y_l) = −β ∂L/∂ξ
    double coefficient = beta * leader.slope(place, seen.gaps[index], probability);
    coefficient = weight == 1 ? coefficient : weight * coefficient;
    return GroupGradient.ofSequences(seen.loss(index), coefficient, -coefficient);
  }
}
