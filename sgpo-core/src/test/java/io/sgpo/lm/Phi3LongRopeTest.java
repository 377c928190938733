package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * LongRoPE as the files of Phi-3 with a context of 128k have it, against the formulas of one layer
 * in plain doubles. No golden model has it.
 */
class Phi3LongRopeTest {

  private static final int HIDDEN = 32;
  private static final int INNER = 48;
  private static final int HEADS = 4;
  private static final int GROUPS = 2;
  private static final int D = HIDDEN / HEADS;
  private static final int ORIGINAL = 16;
  private static final int EXTENDED = 64;
  private static final double EPSILON = 1e-5;
  private static final List<Double> SHORT = List.of(1.0, 1.1, 1.5, 2.0);
  private static final List<Double> LONG = List.of(1.0, 3.0, 7.0, 20.0);

  /** √(1 + ln 4 / ln 16). */
  private static final double FACTOR = Math.sqrt(1.5);

  private final Path folder;

  Phi3LongRopeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private ModelConfig config(String type) throws IOException {
    ObjectNode node =
        (ObjectNode)
            ConfigFile.JSON.readTree(
                """
                {"model_type": "phi3", "vocab_size": 40, "hidden_size": 32,
                 "intermediate_size": 48, "num_hidden_layers": 1, "num_attention_heads": 4,
                 "num_key_value_heads": 2, "max_position_embeddings": 64,
                 "original_max_position_embeddings": 16, "rope_theta": 10000.0,
                 "initializer_range": 0.3, "eos_token_id": 1}
                """);
    ObjectNode scaling = node.putObject("rope_scaling").put("type", type);
    SHORT.forEach(scaling.putArray("short_factor")::add);
    LONG.forEach(scaling.putArray("long_factor")::add);
    Files.writeString(folder.resolve("config.json"), node.toString());
    return ConfigReader.read(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"longrope", "su"})
  void theFieldsOfPhi3(String type) throws IOException {
    ModelConfig config = config(type);
    assertEquals(
        new Rope.LongRope(SHORT, LONG, ORIGINAL, EXTENDED, FACTOR), config.rope().scaling());
    assertEquals(ORIGINAL, config.maxPositions());
  }

  /** Its class reads three fields in the scaling and refuses others. */
  @Test
  void whatIsWrittenAnewHasThoseFields() throws IOException {
    ModelConfig config = config("longrope");
    Path written = Files.createDirectory(folder.resolve("written"));
    ConfigWriter.write(config, ExportOptions.Type.FLOAT32, written);
    ObjectNode node =
        (ObjectNode) ConfigFile.JSON.readTree(Files.readString(written.resolve("config.json")));
    assertEquals(3, node.get("rope_scaling").size());
    assertEquals(ORIGINAL, node.get("original_max_position_embeddings").intValue());
    assertEquals(EXTENDED, node.get("max_position_embeddings").intValue());
    assertEquals(config, ConfigReader.read(written));
  }

  @ParameterizedTest
  @ValueSource(ints = {ORIGINAL, EXTENDED})
  void logitsAreThoseOfTheFormulas(int context) throws IOException {
    ModelConfig config = config("longrope").withMaxPositions(context);
    List<Double> factors = context > ORIGINAL ? LONG : SHORT;
    int[] ids = new SplittableRandom(4).ints(ORIGINAL, 0, 40).toArray();
    try (CausalLm policy = CausalLm.create(config, null, 7, GoldenModel.OPTIONS)) {
      double[][] expected = logits(weights(policy), ids, factors);
      double[][] actual = Logits.of(policy, ids);
      for (int t = 0; t < ids.length; t++) {
        assertArrayEquals(expected[t], actual[t], 1e-4);
      }
      Sample sample =
          policy.sample(List.of(TokenPrompt.of(3, 4, 5)), Sampling.of(12, 2)).get(0).get(0);
      double[] scores = policy.logProbs(List.of(sample.exchange())).get(0).toArray();
      assertArrayEquals(scores, sample.logProbs().toArray(), 1e-5);
    }
  }

  private static Map<String, double[][]> weights(CausalLm policy) throws IOException {
    Map<String, double[][]> weights = new HashMap<>();
    for (Decoder.Parameter parameter : policy.decoder().weights()) {
      int columns =
          Math.toIntExact(parameter.slot().shape().get(parameter.slot().shape().size() - 1));
      float[] flat = new float[Math.toIntExact(parameter.slot().elements())];
      policy.decoder().read(parameter.array(), 0, flat, flat.length);
      double[][] rows = new double[flat.length / columns][columns];
      for (int i = 0; i < flat.length; i++) {
        rows[i / columns][i % columns] = flat[i];
      }
      weights.put(parameter.slot().name().replace(".weight", ""), rows);
    }
    return weights;
  }

  private static double[][] logits(
      Map<String, double[][]> weights, int[] ids, List<Double> factors) {
    String layer = "model.layers.0.";
    double[][] x = new double[ids.length][];
    double[][] qkv = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      x[t] = weights.get("model.embed_tokens")[ids[t]];
      double[] n = normed(x[t], weights.get(layer + "input_layernorm")[0]);
      qkv[t] = product(weights.get(layer + "self_attn.qkv_proj"), n);
      for (int head = 0; head < HEADS + GROUPS; head++) {
        turn(qkv[t], head * D, t, factors);
      }
    }
    double[][] logits = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      double[] mixed = product(weights.get(layer + "self_attn.o_proj"), attended(qkv, t));
      double[] x1 = sum(x[t], mixed);
      double[] n1 = normed(x1, weights.get(layer + "post_attention_layernorm")[0]);
      double[] both = product(weights.get(layer + "mlp.gate_up_proj"), n1);
      double[] inner = new double[INNER];
      for (int i = 0; i < INNER; i++) {
        inner[i] = both[i] / (1 + Math.exp(-both[i])) * both[INNER + i];
      }
      double[] y = sum(x1, product(weights.get(layer + "mlp.down_proj"), inner));
      logits[t] = product(weights.get("lm_head"), normed(y, weights.get("model.norm")[0]));
    }
    return logits;
  }

  /** Pair i and i + D/2 turn by t θ^(−2i/D) / factor; both are scaled. */
  private static void turn(double[] values, int from, int t, List<Double> factors) {
    for (int i = 0; i < D / 2; i++) {
      double angle = t * Math.pow(10_000, -2.0 * i / D) / factors.get(i);
      double low = values[from + i];
      double high = values[from + i + D / 2];
      values[from + i] = FACTOR * (low * Math.cos(angle) - high * Math.sin(angle));
      values[from + i + D / 2] = FACTOR * (high * Math.cos(angle) + low * Math.sin(angle));
    }
  }

  /** Of position t, all heads; keys lie behind the queries and values behind the keys. */
  private static double[] attended(double[][] qkv, int t) {
    double[] mixed = new double[HIDDEN];
    for (int head = 0; head < HEADS; head++) {
      int group = head / (HEADS / GROUPS);
      double[] shares = new double[t + 1];
      double total = 0;
      for (int s = 0; s <= t; s++) {
        double score = 0;
        for (int i = 0; i < D; i++) {
          score += qkv[t][head * D + i] * qkv[s][(HEADS + group) * D + i];
        }
        shares[s] = Math.exp(score / Math.sqrt(D));
        total += shares[s];
      }
      for (int s = 0; s <= t; s++) {
        for (int i = 0; i < D; i++) {
          mixed[head * D + i] += shares[s] / total * qkv[s][(HEADS + GROUPS + group) * D + i];
        }
      }
    }
    return mixed;
  }

  private static double[] normed(double[] x, double[] weight) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = weight[i] * x[i] / Math.sqrt(squares / x.length + EPSILON);
    }
    return y;
  }

  private static double[] product(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < x.length; j++) {
        y[i] += matrix[i][j] * x[j];
      }
    }
    return y;
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = new double[one.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = one[i] + other[i];
    }
    return sum;
  }
}
