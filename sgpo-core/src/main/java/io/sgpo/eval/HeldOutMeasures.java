package io.sgpo.eval;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.follower.GapLoss;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Measure;
import io.sgpo.run.Measured;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Held-out measures, for {@code Aligner.Builder.heldOut}. Each keeps what the policy at the start
 * gave, so it costs one pass over the held-out data each time. A measure is for one run at a time.
 */
public final class HeldOutMeasures {

  /** Pairs scored at a time. */
  private static final int CHUNK = 64;

  private HeldOutMeasures() {}

  /**
   * Mean logistic loss of the gaps ξ = β (log π(y_w)/π_ref(y_w) − log π(y_l)/π_ref(y_l)), π_ref
   * being the policy at the start: DPO's loss on pairs that are not trained on. At the start log 2.
   *
   * @param pairs labelled pairs, at least one
   * @param beta β {@code > 0}
   */
  public static Measure loss(List<PreferencePair> pairs, double beta) {
    return new Gaps("held-out.loss", pairs, beta, false, gap -> GapLoss.logistic().value(gap));
  }

  /**
   * The share of the pairs with a gap above 0, half of those at 0 included: at the start ½.
   *
   * @param pairs labelled pairs, at least one
   */
  public static Measure accuracy(List<PreferencePair> pairs) {
    return new Gaps("held-out.accuracy", pairs, 1, true, gap -> (1 + Math.signum(gap)) / 2);
  }

  /**
   * The mean preference for the policy's answer over that of the policy at the start, over the
   * prompts on which the judge decided.
   *
   * @param prompts held-out prompts, at least one
   * @param judge p(y ≻ y' | x)
   * @param sampling how both answer; one sample per prompt
   */
  public static Measure winRate(
      List<? extends Prompt> prompts, PreferenceModel judge, Sampling sampling) {
    return new WinsAgainstStart(List.copyOf(prompts), judge, sampling);
  }

  private static void requireSome(String name, List<?> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
  }

  /** The mean of the observations with its percentile bootstrap over them, from one seed. */
  private static Measured measured(double[] observations) {
    double mean = Arrays.stream(observations).sum() / observations.length;
    double[] ends = Bootstrap.interval(observations, Streams.of(0, "held-out"));
    return new Measured(mean, ends[0], ends[1]);
  }

  /** The mean of a function of the pairs' gaps. */
  private static final class Gaps implements Measure {

    private final String name;
    private final List<PreferencePair> pairs;
    private final double beta;
    private final boolean higherIsBetter;
    private final DoubleUnaryOperator value;
    private @Nullable FrozenPolicy scoredBy;
    private double[] startRatios = new double[0];

    Gaps(
        String name,
        List<PreferencePair> pairs,
        double beta,
        boolean higherIsBetter,
        DoubleUnaryOperator value) {
      this.name = name;
      this.pairs = List.copyOf(pairs);
      this.beta = beta;
      this.higherIsBetter = higherIsBetter;
      this.value = value;
      requireSome("pairs", pairs);
      if (!(beta > 0) || Double.isInfinite(beta)) {
        throw new IllegalArgumentException("beta must be finite and > 0, but was " + beta);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean higherIsBetter() {
      return higherIsBetter;
    }

    @Override
    public double of(Policy policy, FrozenPolicy start) {
      return measure(policy, start).value();
    }

    @Override
    public Measured measure(Policy policy, FrozenPolicy start) {
      if (!start.equals(scoredBy)) {
        startRatios = ratios(start);
        scoredBy = start;
      }
      double[] ratios = ratios(policy);
      double[] values = new double[ratios.length];
      for (int i = 0; i < ratios.length; i++) {
        values[i] = value.applyAsDouble(beta * (ratios[i] - startRatios[i]));
      }
      return measured(values);
    }

    /** log π(y_w) − log π(y_l) of every pair. */
    private double[] ratios(Policy policy) {
      double[] ratios = new double[pairs.size()];
      for (int first = 0; first < ratios.length; first += CHUNK) {
        int end = Math.min(ratios.length, first + CHUNK);
        List<Exchange> exchanges = new ArrayList<>();
        for (PreferencePair pair : pairs.subList(first, end)) {
          exchanges.add(pair.chosenExchange());
          exchanges.add(pair.rejectedExchange());
        }
        List<LogProbs> scores = policy.logProbs(exchanges);
        for (int i = first; i < end; i++) {
          int chosen = 2 * (i - first);
          ratios[i] = scores.get(chosen).sum() - scores.get(chosen + 1).sum();
        }
      }
      return ratios;
    }
  }

  /** Both answer, the judge compares. */
  private static final class WinsAgainstStart implements Measure {

    private final List<Prompt> prompts;
    private final PreferenceModel judge;
    private final Sampling sampling;
    private @Nullable FrozenPolicy drawnBy;
    private List<Response> startAnswers = List.of();

    WinsAgainstStart(List<Prompt> prompts, PreferenceModel judge, Sampling sampling) {
      this.prompts = prompts;
      this.judge = Objects.requireNonNull(judge, "judge");
      this.sampling = Objects.requireNonNull(sampling, "sampling");
      requireSome("prompts", prompts);
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
    public double of(Policy policy, FrozenPolicy start) {
      return measure(policy, start).value();
    }

    @Override
    public Measured measure(Policy policy, FrozenPolicy start) {
      if (!start.equals(drawnBy)) {
        startAnswers = answers(start);
        drawnBy = start;
      }
      List<Response> answers = answers(policy);
      List<Comparison> comparisons = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        comparisons.add(new Comparison(prompts.get(i), answers.get(i), startAnswers.get(i)));
      }
      double[] preferences =
          Verdicts.of(judge, comparisons).stream()
              .filter(Verdict.Preference.class::isInstance)
              .mapToDouble(verdict -> ((Verdict.Preference) verdict).probability())
              .toArray();
      if (preferences.length == 0) {
        throw new IllegalStateException(
            "the judge must decide at least one of the held-out prompts, but decided none of "
                + prompts.size());
      }
      return measured(preferences);
    }

    private List<Response> answers(Policy policy) {
      List<Response> answers = new ArrayList<>();
      for (List<Sample> samples : policy.sample(prompts, sampling)) {
        answers.add(samples.get(0).exchange().response());
      }
      return answers;
    }
  }
}
