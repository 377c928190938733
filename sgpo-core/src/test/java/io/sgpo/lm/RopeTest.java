package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frequencies of a head of 8, θ = 10 000: unscaled 1, 0.1, 0.01, 0.001. */
class RopeTest {

  private static final double THETA = 10_000;

  private final Path folder;

  RopeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static void assertFrequencies(Rope.Scaling scaling, int context, double... expected) {
    float[] actual = new Rope(THETA, scaling).frequencies(8, context);
    for (int i = 0; i < 4; i++) {
      assertEquals(expected[i], actual[i], 1e-7 * expected[i]);
    }
  }

  @Test
  void unscaledAndLinear() {
    assertFrequencies(new Rope.None(), 64, 1, 0.1, 0.01, 0.001);
    assertFrequencies(new Rope.Linear(4), 64, 0.25, 0.025, 0.0025, 0.00025);
    assertFrequencies(new Rope.Dynamic(4), 64, 1, 0.1, 0.01, 0.001);
  }

  /**
   * L = 64: the pair that turns r times is 8 ln(64 / 2πr) / (2 ln 10 000): for r = 4 it is 0.405,
   * for r = 1 it is 1.008. Rounded outwards the ramp goes from 0 to 2, so the pairs keep 1, ½, 0,
   * 0.
   */
  @Test
  void yarnRoundsTheEndsOfItsRamp() {
    Rope.Yarn yarn = new Rope.Yarn(4, 64, 1.1, 4, 1, true);
    assertFrequencies(yarn, 256, 1, 0.5 * 0.1 + 0.5 * 0.025, 0.0025, 0.00025);
    assertEquals(1.1, yarn.attentionFactor());
  }

  /** The ramp goes from 0.40527 to 1.00734; pair 1 keeps 1 − 0.59473 / 0.60206 = 0.01218. */
  @Test
  void yarnWithoutRounding() {
    double low = 8 * Math.log(64 / (8 * Math.PI)) / (2 * Math.log(THETA));
    double high = 8 * Math.log(64 / (2 * Math.PI)) / (2 * Math.log(THETA));
    assertEquals(0.40585, low, 1e-4);
    assertEquals(1.00791, high, 1e-4);
    double kept = 1 - (1 - low) / (high - low);
    assertFrequencies(
        new Rope.Yarn(4, 64, 1, 4, 1, false),
        256,
        1,
        kept * 0.1 + (1 - kept) * 0.025,
        0.0025,
        0.00025);
  }

  /** 0.1 ln 4 + 1 (eq. 22), and with m the ratio of two such. */
  @Test
  void yarnsFactorOfCosineAndSine() throws IOException {
    assertEquals(1.138629436, Rope.Yarn.attentionFactor(4, 1), 1e-9);
    assertEquals(1, Rope.Yarn.attentionFactor(1, 1));
    assertEquals(
        1.138629436, read("{\"rope_type\": \"yarn\", \"factor\": 4}").attentionFactor(), 1e-9);
    assertEquals(
        1.138629436 / 1.277258872,
        read("{\"rope_type\": \"yarn\", \"factor\": 4, \"mscale\": 1, \"mscale_all_dim\": 2}")
            .attentionFactor(),
        1e-9);
  }

  @Test
  void fieldsThatAreNotThereAreThoseOfTransformers() throws IOException {
    assertEquals(
        new Rope.Yarn(4, 256, Rope.Yarn.attentionFactor(4, 1), 32, 1, true),
        read("{\"rope_type\": \"yarn\", \"factor\": 4}"));
    assertEquals(
        new Rope.Yarn(8, 32, Rope.Yarn.attentionFactor(8, 1), 32, 1, true),
        read("{\"type\": \"yarn\", \"original_max_position_embeddings\": 32}"));
    // 256 is 4 times 64: sqrt(1 + ln 4 / ln 64) = sqrt(4/3).
    Rope.Scaling rule =
        read(
            "{\"type\": \"longrope\", \"original_max_position_embeddings\": 64, \"short_factor\":"
                + " [1, 1, 1, 2], \"long_factor\": [1, 2, 4, 8]}");
    assertEquals(Math.sqrt(4 / 3.0), rule.attentionFactor(), 1e-12);
  }

  @Test
  void longRopeHasFactorsForEachPairAndLength() {
    Rope.LongRope rule =
        new Rope.LongRope(List.of(1.0, 1.0, 1.0, 2.0), List.of(1.0, 2.0, 4.0, 8.0), 64, 256, 1);
    assertFrequencies(rule, 64, 1, 0.1, 0.01, 0.0005);
    assertFrequencies(rule, 65, 1, 0.05, 0.0025, 0.000125);
  }

  private Rope.Scaling read(String scaling) throws IOException {
    return config("rope_scaling", scaling).rope().scaling();
  }

  private ModelConfig config(String field, String scaling) throws IOException {
    ObjectNode node =
        (ObjectNode)
            ConfigFile.JSON.readTree(
                """
                {"model_type": "llama", "vocab_size": 40, "hidden_size": 16, "head_dim": 8,
                 "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
                 "max_position_embeddings": 256, "rope_theta": 10000.0, "eos_token_id": 1}
                """);
    ObjectNode rope = (ObjectNode) ConfigFile.JSON.readTree(scaling);
    if (field.equals("rope_parameters")) {
      node.remove("rope_theta");
      rope.put("rope_theta", THETA);
    }
    node.set(field, rope);
    Files.writeString(folder.resolve("config.json"), node.toString());
    return ConfigReader.read(folder);
  }

  private static final String SHORT_AND_LONG =
      "\"original_max_position_embeddings\": 64, \"short_factor\": [1, 1, 1, 2], \"long_factor\":"
          + " [1, 2, 4, 8]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rope_type\": \"linear\", \"factor\": 2}",
        "{\"rope_type\": \"dynamic\", \"factor\": 2}",
        "{\"rope_type\": \"yarn\", \"factor\": 4, \"beta_fast\": 8, \"truncate\": false}",
        "{\"rope_type\": \"yarn\", \"factor\": 4, \"attention_factor\": 0.7}",
        "{\"rope_type\": \"longrope\", " + SHORT_AND_LONG
      })
  void bothSpellingsReadTheSameAndAreWrittenAsTheyRead(String scaling) throws IOException {
    ModelConfig old = config("rope_scaling", scaling);
    assertEquals(old, config("rope_parameters", scaling));
    Path written = Files.createDirectory(folder.resolve("written"));
    ConfigWriter.write(old, ExportOptions.Type.FLOAT32, written);
    assertEquals(old, ConfigReader.read(written));
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    refused("{\"rope_type\": \"longrope\", \"factor\": 4}", "short_factor is missing");
    refused(
        "{\"rope_type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [1]}",
        "short_factor",
        "head_dim / 2 = 4");
    refused(
        "{\"rope_type\": \"longrope\", \"short_factor\": [1, 0], \"long_factor\": [1, 1]}",
        "short_factor must be finite and > 0");
    refused("{\"rope_type\": \"yarn\", \"factor\": 4, \"beta_slow\": 32}", "beta_fast", "32.0");
    refused("{\"rope_type\": \"su\"}", "rope_type", "longrope", "\"su\"");
    refused(
        "{\"rope_type\": \"default\", \"partial_rotary_factor\": 0.5}", "partial_rotary_factor");
  }

  private void refused(String scaling, String... parts) {
    Refusals.assertNames(IOException.class, () -> config("rope_scaling", scaling), parts);
  }

  /** Scores, draws and gradients go through both places where positions are turned. */
  @Test
  void drawsAndScoresAgreeUnderAFactorOfCosineAndSine() throws IOException {
    ModelConfig plain = config("rope_scaling", "{\"rope_type\": \"default\"}");
    ModelConfig scaled =
        config("rope_scaling", "{\"rope_type\": \"yarn\", \"factor\": 4, \"attention_factor\": 2}");
    try (CausalLm policy = CausalLm.create(scaled, null, 3, GoldenModel.OPTIONS);
        CausalLm other = CausalLm.create(plain, null, 3, GoldenModel.OPTIONS)) {
      List<TokenPrompt> prompt = List.of(TokenPrompt.of(3, 4, 5, 6));
      Sample sample = policy.sample(prompt, Sampling.of(20, 2)).get(0).get(0);
      LogProbs scores = policy.logProbs(List.of(sample.exchange())).get(0);
      assertArrayEquals(scores.toArray(), sample.logProbs().toArray(), 1e-5);
      LogProbs unscaled = other.logProbs(List.of(sample.exchange())).get(0);
      assertEquals(true, Math.abs(unscaled.sum() - scores.sum()) > 1e-6);
    }
  }

  /** Beyond its original length the short factors are not those of the model. */
  @Test
  void aRowLongerThanTheContextIsRefused() throws IOException {
    ModelConfig config = config("rope_scaling", "{\"rope_type\": \"longrope\", " + SHORT_AND_LONG);
    assertEquals(64, config.maxPositions());
    assertEquals(Set.of(1), config.endOfSequence());
    Exchange exchange =
        new Exchange(TokenPrompt.of(new int[60]), Response.ofTokens(Tokens.of(new int[5])));
    try (CausalLm policy = CausalLm.create(config, null, 1, GoldenModel.OPTIONS);
        CausalLm longer =
            CausalLm.create(config.withMaxPositions(256), null, 1, GoldenModel.OPTIONS)) {
      Refusals.assertNames(
          IllegalArgumentException.class, () -> policy.logProbs(List.of(exchange)), "64", "65");
      assertEquals(5, longer.logProbs(List.of(exchange)).get(0).size());
    }
  }
}
