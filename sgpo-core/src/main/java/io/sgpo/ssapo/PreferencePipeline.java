package io.sgpo.ssapo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Progress;
import io.sgpo.run.RoundReport;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run that DPO, iterative DPO and SSAPO share (arXiv 2502.18099, algorithm 1): plain DPO on the
 * seed pairs; then rounds of drawing responses to new prompts, making pairs of the best and worst,
 * and training on all pairs so far. What differs is data: whether there are rounds, who annotates,
 * and whether a follower reweights. So ε = 0, or a missing follower, is iterative DPO to the last
 * bit.
 *
 * <p>The reference is the policy at the start of the run; it is closed at its end, also a failed
 * one. The same options give the same bytes.
 */
public final class PreferencePipeline implements AlignmentEngine.Run {

  private static final Logger LOG = LoggerFactory.getLogger(PreferencePipeline.class);

  /** Pairs scored by the reference at a time. */
  private static final int CHUNK = 64;

  private final String engine;
  private final PreferenceTask task;
  private final @Nullable AnnotationPlan plan;
  private final AlignmentListener listener;

  /**
   * @param engine the engine's name, for the result
   * @param task policy, seeds and training
   * @param plan the rounds, or null for DPO on the seeds alone
   * @param listener where events go
   */
  public PreferencePipeline(
      String engine,
      PreferenceTask task,
      @Nullable AnnotationPlan plan,
      AlignmentListener listener) {
    this.engine = Objects.requireNonNull(engine, "engine");
    this.task = Objects.requireNonNull(task, "task");
    this.plan = plan;
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  @Override
  public Alignment run() {
    List<RoundReport> reports = new ArrayList<>();
    try (FrozenPolicy reference = task.policy().reference()) {
      PairTable table = seeds(reference);
      LeaderTraining training = new LeaderTraining(task, table, listener);
      if (task.onSeeds().count() > 0) {
        reports.add(report(0, training.train(0, task.onSeeds(), null, 1), List.of()));
      }
      if (plan != null) {
        rounds(plan, reference, table, training, reports);
      }
    }
    return new Alignment(engine, reports);
  }

  private PairTable seeds(FrozenPolicy reference) {
    List<PreferencePair> seeds = task.choice().choose(task.seeds(), task.policy(), task.seed());
    PairTable table = new PairTable(task.beta());
    for (int start = 0; start < seeds.size(); start += CHUNK) {
      Interruption.check("scoring");
      int end = Math.min(seeds.size(), start + CHUNK);
      List<Exchange> exchanges = new ArrayList<>();
      for (PreferencePair pair : seeds.subList(start, end)) {
        exchanges.add(pair.chosenExchange());
        exchanges.add(pair.rejectedExchange());
      }
      List<LogProbs> scores = reference.logProbs(exchanges);
      for (int pair = start; pair < end; pair++) {
        int chosen = 2 * (pair - start);
        table.add(seeds.get(pair), scores.get(chosen).sum() - scores.get(chosen + 1).sum());
      }
      listener.onProgress(new Progress("reference", 0, end, seeds.size()));
    }
    return table;
  }

  private void rounds(
      AnnotationPlan rounds,
      FrozenPolicy reference,
      PairTable table,
      LeaderTraining training,
      List<RoundReport> reports) {
    Annotator annotator = rounds.annotator(task.beta());
    FollowerOptions options = rounds.follower();
    GapFollower follower = options == null ? null : new GapFollower(options, listener);
    int solves = options == null ? 1 : options.refreshesPerRound();
    for (int round = 1; round <= rounds.options().rounds(); round++) {
      Annotation annotation = new Annotation(round, annotator, task.policy(), reference, table);
      annotation.annotate(rounds.promptsOf(round), rounds.options(), task.seed(), listener);
      if (annotation.pairs().isEmpty()) {
        listener.onWarning("round " + round + ": no prompt gave a pair: " + annotation.drops());
      }
      Map<Metric, Double> metrics = new LinkedHashMap<>(annotation.metrics());
      metrics.putAll(training.train(round, rounds.options().training(), follower, solves));
      reports.add(report(round, metrics, annotation.pairs()));
    }
  }

  private RoundReport report(
      int round, Map<Metric, Double> metrics, List<AnnotatedPair> annotations) {
    RoundReport report = new RoundReport(round, new MetricValues(metrics), annotations);
    LOG.info("{} finished round {} with {} new pairs", engine, round, annotations.size());
    listener.onRound(report);
    return report;
  }
}
