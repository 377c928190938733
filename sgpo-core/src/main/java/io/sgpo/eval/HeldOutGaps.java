package io.sgpo.eval;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Measure;
import io.sgpo.run.Measured;
import io.sgpo.train.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The mean of a function of held-out pairs' gaps, its interval by resampling the pairs. */
final class HeldOutGaps implements Measure {

  /** Pairs scored at a time. */
  private static final int CHUNK = 64;

  private final String name;
  private final List<PreferencePair> pairs;
  private final double beta;
  private final boolean higherIsBetter;
  private final DoubleUnaryOperator value;
  private @Nullable FrozenPolicy scoredBy;
  private double[] startRatios = new double[0];

  HeldOutGaps(
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
    HeldOutMeasures.requireSome("pairs", pairs);
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
  public Map<String, String> settings() {
    return new Settings().with("pairs", pairs).with("beta", beta).toMap();
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
    double mean = Arrays.stream(values).sum() / values.length;
    double[] ends = Bootstrap.interval(values, Streams.of(0, "held-out"));
    return new Measured(mean, ends[0], ends[1]);
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
