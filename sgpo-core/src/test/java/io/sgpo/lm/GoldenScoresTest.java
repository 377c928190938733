package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;
import static io.sgpo.lm.GoldenModel.exchange;
import static io.sgpo.lm.GoldenModel.ints;
import static io.sgpo.lm.GoldenModel.real;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Response.Finish;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Logits, log-probabilities and greedy ids of every golden model. */
class GoldenScoresTest {

  // Tolerances proposed by the README of the goldens.
  private static final double LOGIT = 2e-4;
  private static final double TOKEN = 1e-4;
  private static final double SUM = 5e-4;

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void logits(String name) {
    GoldenModel model = GoldenModel.of(name);
    try (CausalLm policy = model.load()) {
      JsonNode small = model.golden().get("short");
      double[][] rows = Logits.of(policy, ints(small.get("input_ids")));
      for (int t = 0; t < rows.length; t++) {
        assertArrayEquals(doubles(small.get("logits").get(t)), rows[t], LOGIT);
      }
      for (JsonNode sequence : model.golden().get("sequences")) {
        double[][] all = Logits.of(policy, ints(sequence.get("input_ids")));
        for (int t = 0; t < all.length; t++) {
          assertEquals(sequence.get("argmax").get(t).intValue(), argmax(all[t]));
          assertEquals(sequence.get("logsumexp").get(t).doubleValue(), logSumExp(all[t]), LOGIT);
        }
        for (Map.Entry<String, JsonNode> at : sequence.get("logits_at").properties()) {
          assertArrayEquals(doubles(at.getValue()), all[Integer.parseInt(at.getKey())], LOGIT);
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void logProbsOfSequencesTogetherAndAlone(String name) {
    GoldenModel model = GoldenModel.of(name);
    try (CausalLm policy = model.load()) {
      List<Exchange> exchanges = new ArrayList<>();
      List<double[]> expected = new ArrayList<>();
      for (JsonNode sequence : model.golden().get("sequences")) {
        exchanges.add(exchange(ints(sequence.get("input_ids")), 1));
        expected.add(doubles(sequence.get("next_token_logprobs")));
      }
      for (String padded : List.of("left_padded_batch", "right_padded_batch")) {
        JsonNode batch = model.golden().get(padded);
        for (int i = 0; i < batch.get("input_ids").size(); i++) {
          exchanges.add(
              exchange(real(batch.get("input_ids").get(i), batch.get("attention_mask").get(i)), 1));
          expected.add(doubles(batch.get("next_token_logprobs").get(i)));
        }
      }
      List<LogProbs> together = policy.logProbs(exchanges);
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), together.get(i).toArray(), TOKEN);
        LogProbs alone = policy.logProbs(List.of(exchanges.get(i))).get(0);
        assertArrayEquals(expected.get(i), alone.toArray(), TOKEN);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void logProbsOfResponses(String name) {
    GoldenModel model = GoldenModel.of(name);
    try (CausalLm policy = model.load()) {
      for (JsonNode row : model.golden().get("response_logprobs")) {
        int[] prompt = ints(row.get("prompt_ids"));
        for (String side : List.of("chosen", "rejected")) {
          int[] ids = concat(prompt, ints(row.get(side).get("response_ids")));
          LogProbs scores = policy.logProbs(List.of(exchange(ids, prompt.length))).get(0);
          assertArrayEquals(doubles(row.get(side).get("token_logprobs")), scores.toArray(), TOKEN);
          assertEquals(row.get(side).get("sum").doubleValue(), scores.sum(), SUM);
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void greedyIdsTogetherAndAlone(String name) {
    GoldenModel model = GoldenModel.of(name);
    try (CausalLm policy = model.load()) {
      Sampling sampling = Sampling.greedy(16).withIgnoreEndOfSequence(true);
      List<TokenPrompt> prompts = new ArrayList<>();
      List<JsonNode> expected = new ArrayList<>();
      for (JsonNode row : model.golden().get("greedy")) {
        if (row.get("eos_token_id").isNull()) {
          prompts.add(TokenPrompt.of(ints(row.get("prompt_ids"))));
          expected.add(row);
        }
      }
      List<List<Sample>> together = policy.sample(prompts, sampling);
      for (int i = 0; i < prompts.size(); i++) {
        assertGreedy(expected.get(i), together.get(i).get(0));
        assertGreedy(
            expected.get(i), policy.sample(prompts.subList(i, i + 1), sampling).get(0).get(0));
      }
    }
  }

  /** Every token from a pass of its own over all that came before. */
  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void greedyIdsWithoutCache(String name) {
    GoldenModel model = GoldenModel.of(name);
    try (CausalLm policy = model.load()) {
      for (JsonNode row : model.golden().get("greedy")) {
        int[] expected = ints(row.get("continuation_without_cache"));
        int[] ids = concat(ints(row.get("prompt_ids")), expected);
        double[][] logits = Logits.of(policy, ids);
        int prompt = ids.length - expected.length;
        for (int t = 0; t < expected.length; t++) {
          assertEquals(expected[t], argmax(logits[prompt + t - 1]));
        }
      }
    }
  }

  /** Another end of sequence than the model's own, which comes up. */
  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void greedyIdsUpToAnEndOfSequence(String name, @TempDir Path directory) throws IOException {
    GoldenModel model = GoldenModel.of(name);
    for (JsonNode row : model.golden().get("greedy")) {
      if (row.get("eos_token_id").isNull()) {
        continue;
      }
      Path folder = withEnd(model.folder(), row.get("eos_token_id"), directory);
      try (CausalLm policy = CausalLm.load(folder, GoldenModel.OPTIONS)) {
        List<TokenPrompt> prompt = List.of(TokenPrompt.of(ints(row.get("prompt_ids"))));
        Sampling sampling = Sampling.greedy(row.get("max_new_tokens").intValue());
        Response response = policy.sample(prompt, sampling).get(0).get(0).exchange().response();
        assertArrayEquals(ints(row.get("continuation_with_cache")), response.tokens().toArray());
        assertEquals(Finish.STOP, response.finish());
      }
    }
  }

  private static Path withEnd(Path source, JsonNode end, Path target) throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, target.resolve(file.getFileName().toString()));
      }
    }
    for (String name : List.of("config.json", "generation_config.json")) {
      Path file = target.resolve(name);
      ObjectNode node = (ObjectNode) new ObjectMapper().readTree(file.toFile());
      Files.writeString(file, node.set("eos_token_id", end).toString());
    }
    return target;
  }

  private static int argmax(double[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .max(Comparator.comparingDouble(i -> logits[i]))
        .orElseThrow();
  }

  private static double logSumExp(double[] logits) {
    double max = Arrays.stream(logits).max().orElseThrow();
    return max + Math.log(Arrays.stream(logits).map(logit -> Math.exp(logit - max)).sum());
  }

  private static void assertGreedy(JsonNode expected, Sample sample) {
    int[] ids = sample.exchange().response().tokens().toArray();
    assertArrayEquals(ints(expected.get("continuation_with_cache")), ids);
    assertArrayEquals(doubles(expected.get("token_logprobs")), sample.logProbs().toArray(), TOKEN);
    assertEquals(Finish.LENGTH, sample.exchange().response().finish());
    assertEquals(0, sample.samplingLogProb());
  }

  private static int[] concat(int[] one, int[] other) {
    int[] joined = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, joined, one.length, other.length);
    return joined;
  }
}
