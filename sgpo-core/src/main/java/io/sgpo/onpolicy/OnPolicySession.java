package io.sgpo.onpolicy;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.Progress;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.run.StepReport;
import io.sgpo.spi.RunContext;
import io.sgpo.spi.SteppedRun;
import io.sgpo.train.Batches;
import io.sgpo.train.Interruption;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link OnPolicyRun} under way. Carried from step to step are the policy, the step's number,
 * which is the position in the batches, and the sums of the open round.
 */
final class OnPolicySession implements SteppedRun.Session {

  private static final Logger LOG = LoggerFactory.getLogger(OnPolicySession.class);
  private static final int REPORTS = 10;

  /** Of how many plays of a round's last step the answers are told. */
  private static final int TOLD = 2;

  private final String engine;
  private final OnPolicyOptions options;
  private final OnPolicyAlgorithm algorithm;
  private final RunContext context;
  private final Batches batches;
  private final int steps;
  private int step;
  private boolean trained;
  private int skipped;
  private Averages averages = fresh();

  OnPolicySession(
      String engine, OnPolicyOptions options, OnPolicyAlgorithm algorithm, RunContext context) {
    this.engine = engine;
    this.options = options;
    this.algorithm = algorithm;
    this.context = context;
    this.steps = options.steps();
    this.batches =
        new Batches(
            options.prompts().size(), options.training().batchSize(), options.seed(), "train", 0);
  }

  private static Averages fresh() {
    Averages averages = new Averages();
    averages.count(Metrics.STEPS, 0);
    return averages;
  }

  void restore(RunState state) {
    step = state.count("step");
    trained = state.flag("trained");
    skipped = state.count("skipped");
    averages = AveragesState.read(state.states("averages"));
    batches.skip(step);
  }

  @Override
  public RunState state() {
    return new RunState()
        .put("step", step)
        .put("trained", trained)
        .put("skipped", skipped)
        .put("averages", AveragesState.write(averages));
  }

  @Override
  public boolean isDone() {
    return step == steps;
  }

  /**
   * A step. The sums of the round are taken over once it is applied. One whose comparisons the
   * judge decided nothing of, as it abstained, is skipped.
   *
   * @throws io.sgpo.run.JudgeFailedException if the judge answered none of them
   */
  @Override
  public void advance() {
    Interruption.check("training");
    int round = round();
    Averages sums = Averages.of(averages.state());
    List<Play> plays = play(round, batches.peek(), sums);
    if (plays.isEmpty()) {
      skipped++;
    } else {
      train(round, plays, sums);
    }
    batches.next();
    averages = sums;
    step++;
    progress("train", round, step);
    if (step == start(round + 1)) {
      report(round);
    }
  }

  /** Ends a phase of a step. */
  private void progress(String phase, int round, int steps) {
    long start = start(round);
    context
        .listener()
        .onProgress(new Progress(phase, round, steps - start, start(round + 1) - start));
  }

  private int rounds() {
    return Math.min(REPORTS, steps);
  }

  /** The round of the next step, from 1. */
  private int round() {
    int round = 1;
    while (step >= start(round + 1)) {
      round++;
    }
    return round;
  }

  /** The first step of a round. */
  private int start(int round) {
    return (int) ((round - 1L) * steps / rounds());
  }

  /** The optimizer is forgotten before the first step that is taken. */
  private void train(int round, List<Play> plays, Averages sums) {
    if (!trained) {
      options.policy().resetOptimizer(options.training().optimizer());
    }
    StepOptions stepOptions =
        options.step(step, plays.size()).withFollowerRate(algorithm.followerRate());
    StepResult result =
        new OnPolicyStep(algorithm, plays).take(options.policy(), stepOptions, sums);
    trained = true;
    int start = start(round);
    if (step + 1 == start(round + 1)) {
      plays.stream().limit(TOLD).forEach(play -> context.listener().onAnswers(play.report(round)));
    }
    context
        .listener()
        .onStep(new StepReport(round, step - start + 1, start(round + 1) - start, result));
  }

  private List<Play> play(int round, int[] batch, Averages sums) {
    List<Prompt> prompts = Arrays.stream(batch).mapToObj(options.prompts()::get).toList();
    List<Draw> draws = algorithm.draw(step, prompts, context.reference());
    progress("sample", round, step + 1);
    List<Play> plays = judged(draws, sums);
    progress("judge", round, step + 1);
    List<Play> scored = Judging.scored(plays, context.reference(), options.temperature());
    progress("reference", round, step + 1);
    return scored;
  }

  private List<Play> judged(List<Draw> draws, Averages sums) {
    List<Play> plays =
        algorithm
            .rewards()
            .map(function -> Judging.reward(draws, function, sums, this::warn))
            .orElseGet(() -> Judging.compare(draws, options.judge(), sums, this::warn));
    for (Draw draw : draws) {
      context.sampled(
          draw.moves().stream().mapToLong(move -> move.response().tokens().size()).sum());
      context.judged(
          algorithm.rewards().isPresent() ? draw.moves().size() : draw.contests().size());
    }
    return plays;
  }

  private void warn(String message) {
    context.listener().onWarning("step " + (step + 1) + ": " + message);
  }

  private void report(int round) {
    if (skipped > 0) {
      context
          .listener()
          .onWarning(
              "round "
                  + round
                  + ": "
                  + skipped
                  + " steps were skipped, since the judge decided nothing");
    }
    RoundReport report = new RoundReport(round, new MetricValues(averages.metrics()), List.of());
    averages = fresh();
    skipped = 0;
    LOG.info("{} finished round {} at step {}", engine, round, step);
    context.listener().onRound(report);
  }
}
