package io.sgpo.ssapo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingItem;
import io.sgpo.run.GapReport;
import io.sgpo.run.GapReport.Moment;
import io.sgpo.run.GapReport.PairWeight;
import io.sgpo.run.Metric;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.Progress;
import io.sgpo.run.RunState;
import io.sgpo.run.StepReport;
import io.sgpo.spi.RunContext;
import io.sgpo.train.Batches;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains the leader for a round with a fresh optimizer, with or without a follower. The follower is
 * the only difference between SSAPO and iterative DPO: the same batches, the same optimizer,
 * another slope.
 */
final class LeaderTraining implements Phase {

  /** The name under which a round's reference is frozen, where one is needed as a policy. */
  private static final String REFERENCE = "round";

  private final PreferenceTask task;
  private final PairTable table;
  private final RunContext context;
  private final RoundTraining plan;
  private final GapScoring scoring;
  private final PairStep pairStep;
  private final @Nullable Doubt doubt;
  private final int steps;
  private final @Nullable Batches batches;
  private int step;
  private double loss;
  private long smoothed;
  private long trained;
  private long chosenTokens;
  private long rejectedTokens;
  private double[] solvedOn = new double[0];
  private Leader leader;
  private @Nullable Support support;
  private Map<Metric, Double> solved = Map.of();
  private final FollowerAverages batchSolves = new FollowerAverages();
  private List<PairWeight> weights = List.of();

  LeaderTraining(PreferenceTask task, PairTable table, RunContext context, RoundTraining plan) {
    this.task = task;
    this.table = table;
    this.context = context;
    this.plan = plan;
    int[] unscored = IntStream.of(plan.pairs()).filter(pair -> pair < plan.known()).toArray();
    this.scoring = new GapScoring(task.policy(), table, plan.scores() ? unscored : new int[0]);
    this.pairStep = new PairStep(task, table, plan);
    this.leader = Leader.of(pairStep.loss());
    this.doubt = plan.refinement() == null ? null : new Doubt(plan.refinement().doubtedShare());
    this.steps = plan.steps();
    this.batches =
        steps == 0
            ? null
            : new Batches(
                plan.pairs().length,
                plan.training().batchSize(),
                task.seed(),
                "train",
                plan.round());
  }

  /** Goes on from a state; the follower's last answer is solved again. */
  @Override
  public void restore(RunState state) {
    scoring.goOnFrom(state.count("scored"));
    step = state.count("step");
    loss = state.number("loss");
    smoothed = state.integer("smoothed");
    trained = state.integer("trained");
    chosenTokens = state.integer("chosenTokens");
    rejectedTokens = state.integer("rejectedTokens");
    solvedOn = state.numbers("solvedOn");
    if (batches != null) {
      batches.skip(step);
    }
    if (doubt != null) {
      doubt.restore(state.state("doubt"));
    }
    if (plan.follower() != null && solvedOn.length > 0) {
      restore(plan.follower());
    }
    solved = MetricValues.of(state.state("solved")).values();
    batchSolves.restore(state.state("batchSolves"));
  }

  private void restore(GapFollower follower) {
    if (follower.solvesBatches()) {
      support = follower.support(labelled(solvedOn));
    } else {
      take(follower.answer(labelled(solvedOn)));
    }
  }

  @Override
  public RunState state() {
    RunState state =
        new RunState()
            .put("scored", scoring.done())
            .put("step", step)
            .put("loss", loss)
            .put("smoothed", smoothed)
            .put("trained", trained)
            .put("chosenTokens", chosenTokens)
            .put("rejectedTokens", rejectedTokens)
            .put("solved", new MetricValues(solved).toState())
            .put("batchSolves", batchSolves.state())
            .put("solvedOn", solvedOn);
    return doubt == null ? state : state.put("doubt", doubt.state());
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
    if (scoring.isDone()) {
      Interruption.check("training");
      train();
    } else {
      scoring.advance();
      context
          .listener()
          .onProgress(new Progress("score", plan.round(), scoring.done(), scoring.total()));
    }
  }

  private void train() {
    if (step == 0) {
      begin();
    }
    if (plan.follower() != null) {
      follow(plan.follower());
    }
    Batches order = Objects.requireNonNull(batches);
    int[] places = order.peek();
    int[] batch = IntStream.of(places).map(place -> plan.pairs()[place]).toArray();
    StepOptions options = plan.training().step(step, steps, batch.length);
    PairStep.Outcome outcome = pairStep.take(batch, places, labels(batch), options, batchLeader());
    order.next();
    end(batch, outcome);
  }

  private void begin() {
    task.policy().resetOptimizer(plan.training().optimizer());
    if (plan.moves()) {
      table.rebase(plan.pairs());
      if (lambda() != 0) {
        context.freeze(REFERENCE);
      }
    }
    tellGaps(Moment.BEFORE);
  }

  /** Of the pairs that have been seen. */
  private void tellGaps(Moment moment) {
    int[] seen = table.seen(plan.pairs());
    if (seen.length > 0) {
      double[] gaps = table.lastSeen(seen, plan.beta());
      context.listener().onGaps(GapReport.of(plan.round(), moment, gaps, weights));
    }
  }

  /** Solves for all gaps where that is due; a follower of batches only needs their support. */
  private void follow(GapFollower follower) {
    boolean batch = follower.solvesBatches();
    if (batch ? step == 0 : follower.isDue(step, steps)) {
      solvedOn = table.lastSeen(plan.pairs(), plan.beta());
      LabelledGaps labelled = labelled(solvedOn);
      if (batch) {
        support = follower.support(labelled);
      } else {
        take(follower.solve(plan.round(), labelled));
        context.listener().onProgress(new Progress("follower", plan.round(), step + 1L, steps));
      }
    }
  }

  private LabelledGaps labelled(double[] gaps) {
    return new LabelledGaps(gaps, table.probabilities(plan.pairs()));
  }

  private void take(GapFollower.Answer answer) {
    leader = answer.leader();
    support = answer.support();
    solved = answer.metrics();
    weights = answer.weights();
  }

  /** What the step asks for the slopes of a batch, once it knows the gaps. */
  private PairStep.BatchLeader batchLeader() {
    GapFollower follower = plan.follower();
    if (follower == null || !follower.solvesBatches()) {
      return PairStep.BatchLeader.of(leader);
    }
    Support round = Objects.requireNonNull(support);
    return PairStep.BatchLeader.solving(
        labelled -> {
          GapFollower.Answer answer = follower.solve(plan.round(), labelled, round);
          batchSolves.add(answer.metrics());
          weights = answer.weights();
          return answer.leader();
        });
  }

  private double lambda() {
    LabelRefinement refinement = plan.refinement();
    return refinement == null || refinement.smoothing() == 0 ? 0 : refinement.lambda(plan.round());
  }

  /** How the labels of a batch are judged: as they are, or by the margins of another model. */
  private PairStep.Labels labels(int[] batch) {
    LabelRefinement refinement = plan.refinement();
    if (refinement == null || doubt == null) {
      return PairStep.Labels.AS_THEY_ARE;
    }
    double threshold = doubt.threshold();
    boolean smooths = refinement.smooths(step, steps);
    double[] margins = lambda() == 0 ? null : margins(batch);
    return (index, probability, gap) -> {
      double margin = margins == null ? gap : margins[index];
      boolean doubted = !(margin > threshold);
      return new PairStep.Label(
          smooths && doubted ? refinement.smoothed(probability) : probability, margin);
    };
  }

  /** β (log π̃(y_w) − log π̃(y_l) − the reference's), π̃ ∝ π^(1+λ) π_ref^−λ token by token. */
  private double[] margins(int[] batch) {
    List<Exchange> exchanges = new ArrayList<>();
    for (int pair : batch) {
      for (TrainingItem item : table.group(pair).items()) {
        exchanges.add(item.exchange());
      }
    }
    List<LogProbs> scores = task.policy().mixtureLogProbs(exchanges, reference(), -lambda());
    double[] margins = new double[batch.length];
    for (int i = 0; i < batch.length; i++) {
      PairTable.Scores mixed = PairTable.Scores.of(scores.get(2 * i), scores.get(2 * i + 1));
      margins[i] = table.gap(batch[i], mixed, plan.beta());
    }
    return margins;
  }

  private FrozenPolicy reference() {
    return plan.moves() ? context.frozen(REFERENCE) : context.reference();
  }

  /** What the step saw is remembered once it is applied. */
  private void end(int[] batch, PairStep.Outcome outcome) {
    for (int i = 0; i < batch.length; i++) {
      table.see(batch[i], outcome.scores()[i]);
      if (doubt != null) {
        doubt.see(outcome.labels()[i].margin());
      }
      smoothed += outcome.labels()[i].probability() == table.probability(batch[i]) ? 0 : 1;
    }
    trained += batch.length;
    chosenTokens += outcome.chosenTokens();
    rejectedTokens += outcome.rejectedTokens();
    step++;
    StepResult result = outcome.result();
    loss += result.loss();
    context.listener().onStep(new StepReport(plan.round(), step, steps, result));
    context.listener().onProgress(new Progress("train", plan.round(), step, steps));
    if (isDone()) {
      tellGaps(Moment.AFTER);
    }
  }

  /** What was measured, once all is done. */
  Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metrics.PAIRS, (double) plan.pairs().length);
    metrics.put(Metrics.STEPS, (double) steps);
    if (steps > 0) {
      metrics.put(Metrics.LOSS, loss / steps);
      GapStatistics.put(metrics, table, plan.pairs(), plan.beta());
      metrics.put(Metrics.CHOSEN_LENGTH, (double) chosenTokens / trained);
      metrics.put(Metrics.REJECTED_LENGTH, (double) rejectedTokens / trained);
    }
    metrics.putAll(solved);
    metrics.putAll(batchSolves.metrics());
    if (doubt != null && steps > 0) {
      metrics.put(Metrics.SMOOTHED_SHARE, (double) smoothed / trained);
      metrics.put(Metrics.DOUBT_THRESHOLD, doubt.threshold());
    }
    return metrics;
  }
}
