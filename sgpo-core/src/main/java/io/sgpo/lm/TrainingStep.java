package io.sgpo.lm;

import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step: scores up, coefficients down, micro-batch by micro-batch, then AdamW. */
final class TrainingStep {

  /** PyTorch's {@code clip_grad_norm_} adds this to the norm. */
  private static final double CLIPPING_EPSILON = 1e-6;

  private final List<StepPart> parts = new ArrayList<>();
  private final MicroBatch batch;
  private final List<MicroBatch> microBatches;
  private final StepOptions options;
  private final Packing packing;

  /** How each micro-batch is divided into lanes. */
  private final List<LanePlan.Division> divisions;

  private @Nullable StepSize largest;
  private double loss;

  /**
   * @param trainees the leader, and the follower if it has weights of its own
   * @param groups the rows of every group's items
   * @param owners for every row the place of its trainee
   * @param packing how they are laid out
   * @param lanes how many of them go through side by side
   */
  TrainingStep(
      List<Trainee> trainees,
      List<List<Row>> groups,
      List<List<Integer>> owners,
      StepOptions options,
      Packing packing,
      LanePlan lanes) {
    this.batch = new MicroBatch(0, groups, owners);
    this.microBatches = batch.cut(options.microBatchGroups(), packing);
    this.options = options;
    this.packing = packing;
    this.divisions =
        microBatches.stream().map(micro -> lanes.divide(micro.tokens(packing))).toList();
    for (int p = 0; p < trainees.size(); p++) {
      boolean hasRows = !batch.places(p).isEmpty();
      parts.add(new StepPart(trainees.get(p), p == 0 ? 1 : options.followerRate(), hasRows));
    }
  }

  /** The most of each that the micro-batches that will run have. */
  StepSize largest() {
    if (largest != null) {
      return largest;
    }
    List<Decoder> decoders = parts.stream().map(StepPart::decoder).toList();
    StepSize most = new StepSize(0, 0, 0, 0);
    for (int i = 0; i < microBatches.size(); i++) {
      Interruption.check("training");
      most = most.max(microBatches.get(i).size(decoders, packing, divisions.get(i)));
    }
    largest = most;
    return most;
  }

  /**
   * @throws ArithmeticException if something is not finite; nothing is then applied
   */
  StepResult run(Objective objective) {
    boolean applied = false;
    try {
      accumulate(objective);
      double norm = gradientNorm();
      double scale = Math.min(1, options.maxGradientNorm() / (norm + CLIPPING_EPSILON));
      parts.forEach(part -> part.apply(options.learningRate(), scale));
      applied = true;
      long tokens = batch.rows().stream().mapToLong(Row::responseLength).sum();
      return new StepResult(loss / options.normaliser(), norm, tokens);
    } finally {
      if (!applied) {
        dropGradients();
      }
    }
  }

  private double gradientNorm() {
    double sum = 0;
    for (StepPart part : parts) {
      sum += part.squaredNorm();
    }
    return Math.sqrt(sum);
  }

  /** Leaves the gradient of the whole batch, divided by the normaliser, in the decoder. */
  void accumulate(Objective objective) {
    parts.forEach(part -> part.decoder().parameters()); // there before the first graph
    int used = largest().lanes();
    parts.forEach(part -> part.begin(used));
    try {
      accumulateAll(answers(objective));
      parts.forEach(StepPart::joinLanes);
    } finally {
      parts.forEach(StepPart::clearDropout);
    }
  }

  /** How an objective answers for a group of the batch, given the group's scores. */
  private interface Answers {
    GroupGradient of(int group, List<LogProbs> scores);
  }

  private Answers answers(Objective objective) {
    if (objective instanceof Objective.Separable separable) {
      return separable::evaluate;
    }
    Objective.Coupled coupled = (Objective.Coupled) objective;
    List<GroupGradient> all = coupled.evaluate(scoreAll());
    if (all.size() != batch.groups().size()) {
      throw new IllegalArgumentException(
          "the objective must answer for %d groups, but answered for %d"
              .formatted(batch.groups().size(), all.size()));
    }
    return (group, scores) -> all.get(group);
  }

  /** By the same micro-batches as the step, so that its memory is enough for this too. */
  private List<List<LogProbs>> scoreAll() {
    List<LogProbs> all = new ArrayList<>();
    for (int i = 0; i < microBatches.size(); i++) {
      MicroBatch micro = microBatches.get(i);
      int lanes = divisions.get(i).count();
      LogProbs[] scores = new LogProbs[micro.rows().size()];
      for (int p = 0; p < parts.size(); p++) {
        StepPart part = parts.get(p);
        put(
            part.score(micro.rows(p), options.temperature(), packing.withoutLimit(), lanes),
            micro.places(p),
            scores);
      }
      all.addAll(Arrays.asList(scores));
    }
    return batch.byGroup(all);
  }

  private static void put(List<LogProbs> some, List<Integer> places, LogProbs[] all) {
    for (int i = 0; i < some.size(); i++) {
      all[places.get(i)] = some.get(i);
    }
  }

  private void accumulateAll(Answers answers) {
    for (int i = 0; i < microBatches.size(); i++) {
      Interruption.check("training");
      accumulate(microBatches.get(i), divisions.get(i), answers);
    }
  }

  private void accumulate(MicroBatch micro, LanePlan.Division division, Answers answers) {
    LogProbs[] scores = new LogProbs[micro.rows().size()];
    try (LaneWorks works = LaneWorks.of(parts, micro, division)) {
      works.run(work -> work.forward(options.temperature(), packing, scores));
      double[][] coefficients = evaluate(micro, Arrays.asList(scores), answers);
      works.run(work -> work.backward(coefficients));
    }
  }

  /** The coefficients of all rows; adds the groups' losses. */
  private double[][] evaluate(MicroBatch micro, List<LogProbs> scores, Answers answers) {
    List<List<LogProbs>> byGroup = micro.byGroup(scores);
    List<double[]> coefficients = new ArrayList<>();
    for (int g = 0; g < byGroup.size(); g++) {
      int group = micro.first() + g;
      GroupGradient gradient = answers.of(group, byGroup.get(g));
      loss += GroupChecks.requireFiniteLoss(group, gradient);
      coefficients.addAll(
          GroupChecks.coefficients(group, micro.groups().get(g), gradient, options.normaliser()));
    }
    return coefficients.toArray(new double[0][]);
  }

  /** The gradient's norm of every trained tensor of the leader, in order. */
  float[] norms() {
    return parts.get(0).norms();
  }

  void dropGradients() {
    parts.forEach(StepPart::dropGradients);
  }
}
