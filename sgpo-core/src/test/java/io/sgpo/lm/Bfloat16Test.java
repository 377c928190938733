package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;
import static io.sgpo.lm.GoldenModel.exchange;
import static io.sgpo.lm.GoldenModel.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Models that compute in bfloat16 against the float32 figures of the goldens. A bfloat16 has 8 bits
 * of mantissa, so each rounding is off by up to 2⁻⁹ of the value. The goldens' logits reach 13 and
 * their weights are ten times as large as those of trained models.
 */
class Bfloat16Test {

  /** Log-probability of a token; the largest found in 4,000 random ones of each model is 0.33. */
  private static final double TOKEN = 0.4;

  /** Mean absolute difference over the tokens of a model; the largest found is 0.031. */
  private static final double MEAN = 0.04;

  /** Norm of a gradient, relative to it or to 1 % of the total norm; the largest found is 0.066. */
  private static final double NORM = 0.08;

  /** Norm of an adapter's gradient, relative; the largest found is 0.067. */
  private static final double ADAPTER_NORM = 0.12;

  /** Loss along five steps of AdamW, relative. */
  private static final double LOSS = 0.02;

  private static final CausalLmOptions OPTIONS =
      GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16);

  @TempDir private Path directory;

  private static CausalLm load(String name) throws IOException {
    return CausalLm.load(GoldenModel.folder(name), OPTIONS);
  }

  private static List<Exchange> exchanges(String name) {
    return GoldenModel.of(name).dpoItems().stream().map(TrainingItem::exchange).toList();
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void logProbs(String name) throws IOException {
    GoldenModel model = GoldenModel.of(name);
    double sum = 0;
    int tokens = 0;
    try (CausalLm policy = load(name)) {
      for (JsonNode sequence : model.golden().get("sequences")) {
        double[] expected = doubles(sequence.get("next_token_logprobs"));
        Exchange exchange = exchange(ints(sequence.get("input_ids")), 1);
        double[] actual = policy.logProbs(List.of(exchange)).get(0).toArray();
        assertArrayEquals(expected, actual, factor(name) * TOKEN);
        for (int i = 0; i < actual.length; i++) {
          sum += Math.abs(expected[i] - actual[i]);
          tokens++;
        }
      }
    }
    assertTrue(sum / tokens < factor(name) * MEAN, "mean difference " + sum / tokens);
    assertTrue(sum / tokens > 1e-4, "this is no bfloat16");
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void logProbsOfRandomTokens(String name) throws IOException {
    SplittableRandom random = new SplittableRandom(6);
    try (CausalLm narrow = load(name);
        CausalLm wide = GoldenModel.of(name).load()) {
      int vocabulary = wide.config().vocabularySize();
      List<Exchange> exchanges =
          Stream.generate(() -> exchange(random.ints(21, 0, vocabulary).toArray(), 1))
              .limit(50)
              .toList();
      double[] expected = tokens(wide.logProbs(exchanges));
      double[] actual = tokens(narrow.logProbs(exchanges));
      assertArrayEquals(expected, actual, factor(name) * TOKEN);
      double mean =
          IntStream.range(0, actual.length)
              .mapToDouble(i -> Math.abs(expected[i] - actual[i]))
              .average()
              .orElseThrow();
      assertTrue(mean < factor(name) * MEAN, "mean difference " + mean);
    }
  }

  private static double[] tokens(List<LogProbs> scores) {
    return scores.stream().flatMapToDouble(score -> Arrays.stream(score.toArray())).toArray();
  }

  /**
   * The golden Gemma is less well conditioned: rounding its weights alone, everything else in
   * float32, moves a token by up to 0.36 and by 0.052 on average, and the loss of five steps by 1.6
   * %; the most of all others are 0.095, 0.022 and 0.6 %. In bfloat16 it is off by 0.88, 0.088 and
   * 2.6 %.
   */
  private static double factor(String name) {
    return name.equals("gemma") ? 2.5 : 1;
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void gradientsAndAdamW(String name) throws IOException {
    GoldenModel model = GoldenModel.of(name);
    JsonNode nll = model.golden().get("nll");
    Nll objective = Nll.of(nll);
    try (CausalLm policy = load(name)) {
      TrainingStep step = policy.training(objective.batch(), StepOptions.of(0, objective.tokens()));
      step.accumulate(objective);
      float[] norms = step.norms();
      double total = nll.get("total_grad_norm").doubleValue();
      for (int i = 0; i < norms.length; i++) {
        String tensor = policy.decoder().parameters().get(i).slot().name();
        double norm = nll.get("grad_norms").get(tensor).doubleValue();
        assertEquals(norm, norms[i], NORM * Math.max(norm, total / 100), tensor);
      }
      JsonNode adamw = model.golden().get("nll_training").get("adamw");
      policy.resetOptimizer(AdamW.DEFAULT.withWeightDecay(adamw.get("weight_decay").doubleValue()));
      StepOptions options = StepOptions.of(adamw.get("lr").doubleValue(), objective.tokens());
      for (JsonNode loss : adamw.get("losses")) {
        double expected = loss.doubleValue();
        double actual = policy.step(objective.batch(), objective, options).loss();
        assertEquals(expected, actual, Math.sqrt(factor(name)) * LOSS * expected);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void scoringAndSamplingAgree(String name) throws IOException {
    try (CausalLm policy = load(name)) {
      List<TokenPrompt> prompts = List.of(TokenPrompt.of(3, 4, 5), TokenPrompt.of(9));
      for (List<Sample> samples : policy.sample(prompts, Sampling.of(6, 3))) {
        Sample sample = samples.get(0);
        LogProbs scores = policy.logProbs(List.of(sample.exchange())).get(0);
        assertArrayEquals(sample.logProbs().toArray(), scores.toArray(), TOKEN);
      }
    }
  }

  /** Updates of a 10⁻⁵th of a weight are lost in bfloat16 and add up in the masters. */
  @Test
  void smallStepsAddUpInTheMasters() throws IOException {
    Nll objective = Nll.of(GoldenModel.of(GoldenModel.SMALL).golden().get("nll"));
    StepOptions options = StepOptions.of(2e-6, objective.tokens());
    try (CausalLm policy = load(GoldenModel.SMALL)) {
      List<LogProbs> before = policy.logProbs(exchanges(GoldenModel.SMALL));
      Decoder.Parameter parameter =
          policy.decoder().parameters().stream()
              .filter(any -> any.slot().name().endsWith("layers.0.mlp.up_proj.weight"))
              .findFirst()
              .orElseThrow();
      float[] start = new float[64];
      policy.decoder().read(parameter.array(), 0, start, 64);
      for (int i = 0; i < 20; i++) {
        policy.step(objective.batch(), objective, options);
      }
      float[] end = new float[64];
      policy.decoder().read(parameter.array(), 0, end, 64);
      double moved = 0;
      for (int i = 0; i < end.length; i++) {
        moved = Math.max(moved, Math.abs(end[i] - start[i]));
      }
      assertTrue(moved > 1e-5 && moved < 5e-5, "moved " + moved);
      assertTrue(!before.equals(policy.logProbs(exchanges(GoldenModel.SMALL))));
    }
  }

  @Test
  void aSavedModelScoresBitForBitAsBefore() throws IOException {
    for (String name : List.of("llama3-rope-bf16", "qwen2-tied-f16")) {
      Nll objective = Nll.of(GoldenModel.of(name).golden().get("nll"));
      for (int steps = 0; steps < 2; steps++) {
        Path saved = directory.resolve(name + steps);
        try (CausalLm policy = load(name)) {
          for (int i = 0; i < steps; i++) {
            policy.step(objective.batch(), objective, StepOptions.of(1e-3, 10));
          }
          policy.save(saved);
          try (CausalLm again = CausalLm.load(saved, OPTIONS);
              FrozenPolicy one = policy.reference();
              FrozenPolicy other = again.reference()) {
            assertEquals(policy.logProbs(exchanges(name)), again.logProbs(exchanges(name)));
            assertEquals(policy.logProbs(exchanges(name)), one.logProbs(exchanges(name)));
            assertEquals(one.digest(), other.digest());
          }
        }
      }
    }
  }

  @Test
  void aFrozenBaseUnderAnAdapterHasNoMasters() throws IOException {
    Nll objective = Nll.of(GoldenModel.of(GoldenModel.SMALL).golden().get("nll"));
    LoraOptions lora = LoraOptions.rank(4).allLinear();
    try (CausalLm policy =
        CausalLm.load(GoldenModel.folder(GoldenModel.SMALL), OPTIONS.withLora(lora))) {
      int live = policy.decoder().liveBaseArrays();
      double first = 0;
      double last = 0;
      for (int i = 0; i < 10; i++) {
        last =
            policy
                .step(objective.batch(), objective, StepOptions.of(1e-2, objective.tokens()))
                .loss();
        first = i == 0 ? last : first;
      }
      assertTrue(last < 0.8 * first, first + " to " + last);
      assertEquals(live, policy.decoder().liveBaseArrays());
      try (Decoder frozen = policy.decoder().freeze()) {
        assertSame(policy.decoder().weight(3), frozen.weight(3));
      }
    }
  }

  /** PEFT's figures, float32, with the adapter over a base in bfloat16. */
  @Test
  void aLoadedAdapter() throws IOException {
    Path adapter = GoldenModel.folder(GoldenModel.SMALL).resolve("adapter_all_rslora");
    JsonNode expected = GoldenModel.of(adapter, adapter.resolve("golden.json")).golden().get("nll");
    Nll objective = Nll.of(GoldenModel.of(GoldenModel.SMALL).golden().get("nll"));
    try (CausalLm policy = CausalLm.load(GoldenModel.folder(GoldenModel.SMALL), adapter, OPTIONS)) {
      TrainingStep step = policy.training(objective.batch(), StepOptions.of(0, objective.tokens()));
      step.accumulate(objective);
      float[] norms = step.norms();
      for (int i = 0; i < norms.length; i++) {
        String name = policy.decoder().parameters().get(i).slot().name();
        double norm =
            expected
                .get("grad_norms")
                .get(name.replace(".weight", ".default.weight"))
                .doubleValue();
        assertEquals(norm, norms[i], ADAPTER_NORM * norm, name);
      }
    }
  }
}
