package io.sgpo.eval;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Measure;
import io.sgpo.run.Measured;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.Usage;
import io.sgpo.solvers.stats.WinRate;
import io.sgpo.train.Settings;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Policy and start answer held-out prompts, the judge compares. */
final class WinsAgainstStart implements Measure {

  private static final Logger LOG = LoggerFactory.getLogger(WinsAgainstStart.class);

  private final List<Prompt> prompts;
  private final PreferenceModel judge;
  private final Sampling sampling;
  private @Nullable FrozenPolicy drawnBy;
  private List<Response> startAnswers = List.of();

  WinsAgainstStart(List<Prompt> prompts, PreferenceModel judge, Sampling sampling) {
    this.prompts = prompts;
    this.judge = Objects.requireNonNull(judge, "judge");
    this.sampling = Objects.requireNonNull(sampling, "sampling");
    HeldOutMeasures.requireSome("prompts", prompts);
    if (sampling.samplesPerPrompt() != 1) {
      throw new IllegalArgumentException(
          "samplesPerPrompt must be 1, but was " + sampling.samplesPerPrompt());
    }
  }

  @Override
  public String name() {
    return "held-out.win-rate";
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public Map<String, String> settings() {
    return new Settings()
        .with("prompts", prompts)
        .with("judge", judge)
        .with("sampling", sampling)
        .toMap();
  }

  @Override
  public double of(Policy policy, FrozenPolicy start) {
    return measure(policy, start).value();
  }

  @Override
  public Measured measure(Policy policy, FrozenPolicy start) {
    if (!start.equals(drawnBy)) {
      startAnswers = Evaluation.answers(start, prompts, sampling);
      drawnBy = start;
    }
    List<Response> answers = Evaluation.answers(policy, prompts, sampling);
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      comparisons.add(new Comparison(prompts.get(i), answers.get(i), startAnswers.get(i)));
    }
    Usage each = new Usage(0, tokens(answers), comparisons.size());
    Usage once = new Usage(0, tokens(startAnswers), 0);
    return measured(Verdicts.answered(judge, comparisons, LOG::warn)).withUse(each, once);
  }

  private static long tokens(List<Response> answers) {
    return answers.stream().mapToLong(answer -> answer.tokens().size()).sum();
  }

  /** Wins and half of the ties (AlpacaEval's win rate), with the mean preference beside it. */
  private static Measured measured(List<Verdict> verdicts) {
    double[] preferences =
        verdicts.stream()
            .filter(Verdict.Preference.class::isInstance)
            .mapToDouble(verdict -> ((Verdict.Preference) verdict).probability())
            .toArray();
    String failed = Verdicts.failed(verdicts).orElse(null);
    if (preferences.length == 0) {
      return Measured.nothing(
          "the judge decided none of the %d comparisons".formatted(verdicts.size())
              + (failed == null ? "" : ": " + failed));
    }
    WinRate wins = WinRate.of(preferences, Streams.of(0, "held-out"));
    double mean = Estimate.of(preferences).mean();
    return new Measured(wins.rate(), wins.lower(), wins.upper())
        .withOthers(new MetricValues(Map.of(Metrics.HELD_OUT_PREFERENCE, mean)))
        .withWarning(failed);
  }
}
