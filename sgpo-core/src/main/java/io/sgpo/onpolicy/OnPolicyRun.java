package io.sgpo.onpolicy;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.Progress;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.train.Batches;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of an on-policy algorithm. Steps are reported in at most ten rounds.
 *
 * <p>Carried from step to step are the policy, the position in the batches, which is the step's
 * number, and the sums of the open round.
 */
public final class OnPolicyRun implements AlignmentEngine.Run {

  private static final Logger LOG = LoggerFactory.getLogger(OnPolicyRun.class);
  private static final int REPORTS = 10;

  private final String engine;
  private final OnPolicyOptions options;
  private final OnPolicyAlgorithm algorithm;
  private final AlignmentListener listener;

  public OnPolicyRun(
      String engine,
      OnPolicyOptions options,
      OnPolicyAlgorithm algorithm,
      AlignmentListener listener) {
    this.engine = engine;
    this.options = options;
    this.algorithm = algorithm;
    this.listener = listener;
  }

  @Override
  public Alignment run() {
    algorithm.warnings().forEach(listener::onWarning);
    int steps = options.steps();
    int rounds = Math.min(REPORTS, steps);
    Batches batches =
        new Batches(
            options.prompts().size(), options.training().batchSize(), options.seed(), "train", 0);
    List<RoundReport> reports = new ArrayList<>();
    try (FrozenPolicy reference = options.policy().reference()) {
      options.policy().resetOptimizer(options.training().optimizer());
      for (int round = 1; round <= rounds; round++) {
        int start = (int) ((round - 1L) * steps / rounds);
        int end = (int) ((long) round * steps / rounds);
        reports.add(round(round, start, end, batches, reference));
      }
    }
    return new Alignment(engine, reports);
  }

  private RoundReport round(
      int round, int start, int end, Batches batches, FrozenPolicy reference) {
    Averages averages = new Averages();
    averages.count(Metrics.STEPS, 0);
    int skipped = 0;
    for (int step = start; step < end; step++) {
      Interruption.check("training");
      List<Play> plays = play(step, batches.next(), reference, averages);
      if (plays.isEmpty()) {
        skipped++;
      } else {
        StepResult result =
            new OnPolicyStep(algorithm, plays)
                .take(options.policy(), stepOptions(step, plays.size()), averages);
        listener.onStep(new StepReport(round, step - start + 1, end - start, result));
      }
      listener.onProgress(new Progress("train", round, step - start + 1L, (long) end - start));
    }
    if (skipped > 0) {
      listener.onWarning(
          "round "
              + round
              + ": "
              + skipped
              + " steps were skipped, since the judge decided nothing");
    }
    RoundReport report = new RoundReport(round, new MetricValues(averages.metrics()), List.of());
    LOG.info("{} finished round {} at step {}", engine, round, end);
    listener.onRound(report);
    return report;
  }

  private StepOptions stepOptions(int step, int plays) {
    return options.step(step, plays).withFollowerRate(algorithm.followerRate());
  }

  private List<Play> play(int step, int[] batch, FrozenPolicy reference, Averages averages) {
    List<Prompt> prompts = Arrays.stream(batch).mapToObj(options.prompts()::get).toList();
    List<Draw> draws = algorithm.draw(step, prompts, reference);
    List<Play> plays =
        algorithm
            .rewards()
            .map(function -> Judging.reward(draws, function, averages))
            .orElseGet(() -> Judging.compare(draws, options.judge(), averages));
    return Judging.scored(plays, reference, options.temperature());
  }
}
