package io.sgpo.slhf;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Progress;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.train.Batches;
import io.sgpo.train.Interruption;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of StackelbergGDA. */
final class SlhfRun implements AlignmentEngine.Run {

  private static final Logger LOG = LoggerFactory.getLogger(SlhfRun.class);
  private static final int REPORTS = 10;

  private final String engine;
  private final SlhfOptions options;
  private final AlignmentListener listener;

  SlhfRun(String engine, SlhfOptions options, AlignmentListener listener) {
    this.engine = engine;
    this.options = options;
    this.listener = listener;
  }

  @Override
  public Alignment run() {
    warnOfMissingKl("leaderKl", options.leaderKl());
    warnOfMissingKl("followerKl", options.followerKl());
    int batchSize = options.training().batchSize();
    int prompts = options.prompts().size();
    int steps = steps();
    int rounds = Math.min(REPORTS, steps);
    Batches batches = new Batches(prompts, batchSize, options.seed(), "train", 0);
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

  private void warnOfMissingKl(String name, double value) {
    if (value == 0) {
      listener.onWarning(
          name
              + " should be > 0, but was 0: the equilibrium need not be unique, and nothing keeps"
              + " the policy near its reference");
    }
  }

  private RoundReport round(
      int round, int start, int end, Batches batches, FrozenPolicy reference) {
    PlayStatistics statistics = new PlayStatistics();
    int skipped = 0;
    for (int step = start; step < end; step++) {
      Interruption.check("training");
      List<Play> plays = play(step, batches.next(), reference, statistics);
      if (plays.isEmpty()) {
        skipped++;
      } else {
        StepResult result = step(plays, stepOptions(step, plays.size()), statistics);
        statistics.step(result.loss());
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
    RoundReport report = new RoundReport(round, new MetricValues(statistics.metrics()), List.of());
    LOG.info("{} finished round {} at step {}", engine, round, end);
    listener.onRound(report);
    return report;
  }

  /**
   * Draws the leader's and the follower's answers and has them judged; unjudged rows are left out.
   */
  private List<Play> play(
      int step, int[] batch, FrozenPolicy reference, PlayStatistics statistics) {
    List<Prompt> prompts = new ArrayList<>(batch.length);
    for (int index : batch) {
      prompts.add(options.prompts().get(index));
    }
    List<Exchange> leaders = draw(prompts, "leader", step);
    List<Prompt> followUps = new ArrayList<>(batch.length);
    for (int i = 0; i < batch.length; i++) {
      String answer = leaders.get(i).response().text();
      followUps.add(prompts.get(i).followUp(answer, options.improveInstruction()));
    }
    List<Exchange> followers = draw(followUps, "follower", step);
    List<Verdict> verdicts = judge(prompts, leaders, followers);
    verdicts.forEach(statistics::verdict);
    return plays(leaders, followers, verdicts, reference);
  }

  private List<Exchange> draw(List<Prompt> prompts, String purpose, int step) {
    Sampling sampling =
        Sampling.of(options.maxNewTokens(), Streams.key(options.seed(), purpose, step))
            .withTemperature(options.temperature());
    return options.policy().sample(prompts, sampling).stream()
        .map(samples -> samples.get(0))
        .map(Sample::exchange)
        .toList();
  }

  private List<Verdict> judge(
      List<Prompt> prompts, List<Exchange> leaders, List<Exchange> followers) {
    List<Comparison> comparisons = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      comparisons.add(
          new Comparison(prompts.get(i), leaders.get(i).response(), followers.get(i).response()));
    }
    return Verdicts.of(options.judge(), comparisons);
  }

  private List<Play> plays(
      List<Exchange> leaders,
      List<Exchange> followers,
      List<Verdict> verdicts,
      FrozenPolicy reference) {
    List<Integer> judged = new ArrayList<>();
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i) instanceof Verdict.Preference) {
        judged.add(i);
        exchanges.add(leaders.get(i));
        exchanges.add(followers.get(i));
      }
    }
    List<LogProbs> scores =
        exchanges.isEmpty() ? List.of() : reference.logProbs(exchanges, options.temperature());
    List<Play> plays = new ArrayList<>(judged.size());
    for (int k = 0; k < judged.size(); k++) {
      if (verdicts.get(judged.get(k)) instanceof Verdict.Preference preference) {
        plays.add(
            new Play(
                exchanges.get(2 * k),
                exchanges.get(2 * k + 1),
                preference.probability(),
                scores.get(2 * k),
                scores.get(2 * k + 1)));
      }
    }
    return plays;
  }

  private StepOptions stepOptions(int step, int plays) {
    return options.training().step(step, steps(), plays).withTemperature(options.temperature());
  }

  private int steps() {
    return options.extent().steps(options.prompts().size(), options.training().batchSize());
  }

  private StepResult step(List<Play> plays, StepOptions stepOptions, PlayStatistics statistics) {
    List<TrainingGroup> groups = new ArrayList<>(plays.size());
    for (Play play : plays) {
      groups.add(
          TrainingGroup.of(
              new TrainingItem(play.leader(), PolicyRole.LEADER),
              new TrainingItem(play.follower(), PolicyRole.FOLLOWER)));
    }
    Objective.Separable objective =
        (group, scores) -> gradient(plays.get(group), scores.get(0), scores.get(1), statistics);
    return options.policy().step(groups, objective, stepOptions);
  }

  private double leaderPayoff(Play play, LogProbs follower) {
    return switch (options.leaderPayoff()) {
      case PREFERENCE -> play.preference();
      case GAME ->
          play.preference()
              + options.followerKl() * (follower.sum() - play.followerReference().sum());
    };
  }

  /** Leader plus κ times follower: P = 1 − p(y ≻ y') for the follower. */
  private GroupGradient gradient(
      Play play, LogProbs leader, LogProbs follower, PlayStatistics statistics) {
    statistics.scored(play, leader, follower);
    double[] leaders =
        StackelbergGradient.coefficients(
            leader,
            play.leaderReference(),
            leaderPayoff(play, follower),
            options.leaderKl(),
            1,
            options.klCredit());
    double[] followers =
        StackelbergGradient.coefficients(
            follower,
            play.followerReference(),
            1 - play.preference(),
            options.followerKl(),
            options.timescaleRatio(),
            options.klCredit());
    double loss =
        StackelbergGradient.loss(leaders, leader) + StackelbergGradient.loss(followers, follower);
    return new GroupGradient(loss, List.of(leaders, followers));
  }
}
