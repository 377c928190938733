package io.sgpo.eval;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.solvers.stats.WinRate;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares policies. All functions are deterministic in the sampling's seed and as thread-safe as
 * the policies' sampling.
 *
 * <pre>{@code
 * PreferenceEstimate better = Evaluation.preference(aligned, base, judge, prompts, sampling);
 * }</pre>
 */
public final class Evaluation {

  private Evaluation() {}

  /** One answer of the policy to every prompt, in order; samples per prompt must be 1. */
  public static List<Response> answers(
      Policy policy, List<? extends Prompt> prompts, Sampling sampling) {
    if (sampling.samplesPerPrompt() != 1) {
      throw new IllegalArgumentException(
          "samplesPerPrompt must be 1, but was " + sampling.samplesPerPrompt());
    }
    return policy.sample(prompts, sampling).stream()
        .map(samples -> samples.get(0).exchange().response())
        .toList();
  }

  /**
   * How much the judge prefers the first policy's answers to the second's, one answer of each per
   * prompt, drawn with the same streams. Every comparison is put in both orders and averaged, so a
   * judge that favours a position favours no policy; it counts if both orders were decided.
   *
   * @throws IllegalStateException if no comparison was decided
   */
  public static PreferenceEstimate preference(
      Policy first,
      Policy second,
      PreferenceModel judge,
      List<? extends Prompt> prompts,
      Sampling sampling) {
    return preference(
        prompts,
        answers(first, prompts, sampling),
        answers(second, prompts, sampling),
        judge,
        sampling.seed());
  }

  /**
   * How much the judge prefers the first answers to the second ones, in both orders.
   *
   * @param seed of the bootstrap
   * @throws IllegalArgumentException if there is not one answer of each per prompt
   * @throws IllegalStateException if no comparison was decided
   */
  public static PreferenceEstimate preference(
      List<? extends Prompt> prompts,
      List<Response> first,
      List<Response> second,
      PreferenceModel judge,
      long seed) {
    if (first.size() != prompts.size() || second.size() != prompts.size()) {
      throw new IllegalArgumentException(
          "there must be one answer of each per prompt, but there were %d and %d for %d prompts"
              .formatted(first.size(), second.size(), prompts.size()));
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      comparisons.add(new Comparison(prompts.get(i), first.get(i), second.get(i)));
      comparisons.add(new Comparison(prompts.get(i), second.get(i), first.get(i)));
    }
    return estimate(Verdicts.of(judge, comparisons), seed);
  }

  private static PreferenceEstimate estimate(List<Verdict> verdicts, long seed) {
    int abstentions = 0;
    int failures = 0;
    List<Double> decided = new ArrayList<>();
    for (int i = 0; i + 1 < verdicts.size(); i += 2) {
      abstentions += count(Verdict.Abstention.class, verdicts.get(i), verdicts.get(i + 1));
      failures += count(Verdict.Failure.class, verdicts.get(i), verdicts.get(i + 1));
      if (verdicts.get(i) instanceof Verdict.Preference forward
          && verdicts.get(i + 1) instanceof Verdict.Preference backward) {
        decided.add((forward.probability() + (1 - backward.probability())) / 2);
      }
    }
    if (decided.isEmpty()) {
      throw new IllegalStateException(
          "at least one comparison must be decided, but there were %d abstentions and %d failures"
              .formatted(abstentions, failures));
    }
    double[] preferences = decided.stream().mapToDouble(p -> p).toArray();
    double[] interval = Bootstrap.interval(preferences, Streams.of(seed, "bootstrap"));
    return new PreferenceEstimate(
        Estimate.of(preferences).mean(),
        interval[0],
        interval[1],
        WinRate.of(preferences, Streams.of(seed, "win-rate")),
        abstentions,
        failures);
  }

  private static int count(Class<? extends Verdict> type, Verdict one, Verdict other) {
    return (type.isInstance(one) ? 1 : 0) + (type.isInstance(other) ? 1 : 0);
  }

  /**
   * KL(π ‖ π_ref) per response, estimated by the mean of log π(y | x) − log π_ref(y | x) over
   * unfiltered samples at temperature 1.
   *
   * @param prompts at least one
   * @param maxNewTokens limit on the responses' tokens
   * @param samplesPerPrompt draws for each prompt
   * @param seed of the draws
   */
  public static Estimate klToReference(
      Policy policy,
      FrozenPolicy reference,
      List<? extends Prompt> prompts,
      int maxNewTokens,
      int samplesPerPrompt,
      long seed) {
    Sampling sampling = Sampling.of(maxNewTokens, seed).withSamplesPerPrompt(samplesPerPrompt);
    List<Sample> samples = policy.sample(prompts, sampling).stream().flatMap(List::stream).toList();
    List<Exchange> exchanges = samples.stream().map(Sample::exchange).toList();
    List<LogProbs> referred = reference.logProbs(exchanges);
    double[] ratios = new double[samples.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = samples.get(i).logProbs().sum() - referred.get(i).sum();
    }
    return Estimate.of(ratios);
  }
}
