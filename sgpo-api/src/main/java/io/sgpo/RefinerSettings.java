package io.sgpo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.PreferenceModel;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What can be set of a {@link Refiner}; not changed once one holds it. */
final class RefinerSettings {

  private static final int DEFAULT_MAX_NEW_TOKENS = 512;
  private static final double DEFAULT_TEMPERATURE = 0.9;

  String instruction = Refiner.IMPROVE_INSTRUCTION;
  Sampling sampling = Sampling.of(DEFAULT_MAX_NEW_TOKENS, 0).withTemperature(DEFAULT_TEMPERATURE);
  int samples = 1;
  @Nullable PreferenceModel judge;
  @Nullable Function<? super List<Exchange>, double[]> scorer;
  boolean fixedPoint;
  @Nullable Double preferred;
  @Nullable Double gain;
  @Nullable Predicate<? super List<Response>> rule;
  long maxTokens = Long.MAX_VALUE;

  RefinerSettings copy() {
    RefinerSettings copy = new RefinerSettings();
    copy.instruction = instruction;
    copy.sampling = sampling;
    copy.samples = samples;
    copy.judge = judge;
    copy.scorer = scorer;
    copy.fixedPoint = fixedPoint;
    copy.preferred = preferred;
    copy.gain = gain;
    copy.rule = rule;
    copy.maxTokens = maxTokens;
    return copy;
  }
}
