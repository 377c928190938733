package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.checkpoint.Dtype;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.checkpoint.SafetensorsWriter;
import io.sgpo.checkpoint.TensorInfo;
import io.sgpo.checkpoint.TensorSource;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of architectures whose matrices are fused, turned or followed by norms; their files. */
class ArchitectureTest {

  /** Float32 matrix products in two orders: W x + s B (A x) and (W + s B A) x. */
  private static final double MERGED = 1e-4;

  @TempDir private Path directory;

  private static CausalLm adapted(String name, LoraOptions lora) throws IOException {
    return CausalLm.load(GoldenModel.folder(name), GoldenModel.OPTIONS.withLora(lora));
  }

  private static Nll nll(String name) {
    return Nll.of(GoldenModel.of(name).golden().get("nll"));
  }

  private static void train(CausalLm policy, String name) {
    Nll nll = nll(name);
    for (int i = 0; i < 2; i++) {
      policy.step(nll.batch(), nll, StepOptions.of(0.01, nll.tokens()));
    }
  }

  private static void assertSameScores(String name, CausalLm one, CausalLm other) {
    List<Exchange> exchanges =
        GoldenModel.of(name).dpoItems().stream().map(TrainingItem::exchange).toList();
    List<LogProbs> expected = one.logProbs(exchanges);
    List<LogProbs> actual = other.logProbs(exchanges);
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i).toArray(), actual.get(i).toArray(), MERGED, name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "phi3, 'qkv_proj', 'down_proj gate_up_proj o_proj qkv_proj', false",
    "gemma, 'q_proj v_proj', 'down_proj gate_proj k_proj o_proj q_proj up_proj v_proj', false",
    "gemma2, 'q_proj v_proj', 'down_proj gate_proj k_proj o_proj q_proj up_proj v_proj', false",
    "gpt2, 'c_attn', 'c_attn c_fc c_proj', true"
  })
  void adaptersHaveTheNamesOfPeft(String name, String byDefault, String all, boolean turned)
      throws IOException {
    Path fresh = directory.resolve("fresh");
    try (CausalLm policy = adapted(name, LoraOptions.rank(2))) {
      policy.save(fresh);
      assertEquals(Set.of(byDefault.split(" ")), targets(fresh));
    }
    Path saved = directory.resolve("adapter");
    try (CausalLm policy = adapted(name, LoraOptions.rank(2).allLinear())) {
      train(policy, name);
      policy.save(saved);
      assertEquals(Set.of(all.split(" ")), targets(saved));
      assertEquals(turned, config(saved).get("fan_in_fan_out").booleanValue());
      try (CausalLm again = CausalLm.load(GoldenModel.folder(name), saved, GoldenModel.OPTIONS)) {
        assertEquals(policy.decoder().digest(), again.decoder().digest());
      }
    }
  }

  private static JsonNode config(Path adapter) throws IOException {
    return ConfigFile.JSON.readTree(adapter.resolve("adapter_config.json").toFile());
  }

  private static Set<String> targets(Path adapter) throws IOException {
    Set<String> names = new TreeSet<>();
    config(adapter).get("target_modules").forEach(target -> names.add(target.textValue()));
    return names;
  }

  @Test
  void aTargetThatTheArchitectureDoesNotHave() {
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> adapted("phi3", LoraOptions.rank(2).targets("q_proj")).close(),
        "q_proj",
        "down_proj, gate_up_proj, o_proj, qkv_proj");
  }

  /** The chain rule: dL/dB = s dL/dW Aᵀ and dL/dA = s Bᵀ dL/dW, with W the merged weight. */
  @ParameterizedTest
  @ValueSource(strings = {"phi3", "gemma", "gemma2", "gpt2"})
  void adaptersMergeAndHaveTheGradientsOfTheMergedWeights(String name) throws IOException {
    Path merged = directory.resolve("merged");
    try (CausalLm policy = adapted(name, LoraOptions.rank(3).alpha(6).allLinear())) {
      train(policy, name);
      policy.export(merged, ExportOptions.DEFAULT);
      try (CausalLm whole = CausalLm.load(merged, GoldenModel.OPTIONS)) {
        assertSameScores(name, policy, whole);
        Map<String, NDArray> dw = new HashMap<>();
        try (NDManager scratch = whole.decoder().scratch();
            NDManager own = policy.decoder().scratch()) {
          gradients(whole, name, scratch, dw);
          Map<String, NDArray> found = new HashMap<>();
          gradients(policy, name, own, found);
          assertChainRule(policy, dw, found);
        }
      }
    }
  }

  private static void gradients(
      CausalLm policy, String name, NDManager scratch, Map<String, NDArray> byName) {
    Nll nll = nll(name);
    policy.training(nll.batch(), StepOptions.of(0, nll.tokens())).accumulate(nll);
    List<Decoder.Parameter> parameters = policy.decoder().parameters();
    NDList all = policy.decoder().call("gradient_list", false, scratch.create(0f));
    for (int i = 0; i < parameters.size(); i++) {
      byName.put(parameters.get(i).slot().name(), all.get(i));
    }
  }

  private static void assertChainRule(
      CausalLm policy, Map<String, NDArray> dw, Map<String, NDArray> found) {
    Adapter adapter = policy.decoder().adapter();
    float scale = (float) adapter.layout().options().scale();
    boolean turned = policy.decoder().layout().turned();
    for (AdapterLayout.Module module : adapter.layout().modules()) {
      NDArray w = dw.get(module.name() + ".weight");
      NDArray ofW = (turned ? w.transpose() : w).mul(scale);
      NDArray a = adapter.a().get(module.place());
      NDArray b = adapter.b().get(module.place());
      assertClose(ofW.matMul(a.transpose()), found.get(module.b().name()), module.name());
      assertClose(
          ofW.transpose().matMul(b).transpose(), found.get(module.a().name()), module.name());
    }
  }

  private static void assertClose(NDArray expected, NDArray actual, String name) {
    assertEquals(expected.getShape(), actual.getShape(), name);
    float norm = expected.norm().getFloat();
    assertTrue(norm > 0, name);
    assertTrue(expected.sub(actual).norm().getFloat() < 1e-3 * norm, name);
  }

  /** As published: without the prefix, with the causal masks of old versions. */
  @Test
  void gpt2AsItWasPublished() throws IOException {
    Path folder = directory.resolve("published");
    Path golden = GoldenModel.folder("gpt2");
    Files.createDirectory(folder);
    Files.copy(golden.resolve("config.json"), folder.resolve("config.json"));
    try (ModelWeights weights = ModelWeights.open(golden)) {
      List<TensorSource> tensors = new ArrayList<>();
      for (String name : weights.names()) {
        tensors.add(tensor(weights, name, name.substring("transformer.".length())));
      }
      tensors.add(ones("h.0.attn.bias", List.of(1L, 1L, 8L, 8L)));
      tensors.add(ones("h.0.attn.masked_bias", List.of(1L)));
      SafetensorsWriter.writeModel(folder, tensors, SafetensorsWriter.PYTORCH, Long.MAX_VALUE);
    }
    try (CausalLm published = CausalLm.load(folder, GoldenModel.OPTIONS);
        CausalLm model = GoldenModel.of("gpt2").load()) {
      assertEquals(model.decoder().digest(), published.decoder().digest());
    }
  }

  private static TensorSource tensor(ModelWeights weights, String name, String newName)
      throws IOException {
    TensorInfo info = weights.info(name);
    return new TensorSource(
        newName,
        Dtype.F32,
        info.shape(),
        (first, into, count) -> weights.readFloats(name, first, into, 0, count));
  }

  private static TensorSource ones(String name, List<Long> shape) {
    return new TensorSource(
        name, Dtype.F32, shape, (first, into, count) -> Arrays.fill(into, 0, count, 1));
  }

  /**
   * Matrices of 65,536 numbers are multiplied by another library than small ones and the single
   * rows of drawing; gradients are central differences.
   */
  @Test
  void largeTurnedMatrices() throws IOException {
    try (CausalLm policy = CausalLm.create(wideGpt2(), null, 5, GoldenModel.OPTIONS)) {
      Sample sample =
          policy.sample(List.of(TokenPrompt.of(3, 1, 4)), Sampling.greedy(8)).get(0).get(0);
      double[] scored = policy.logProbs(List.of(sample.exchange())).get(0).toArray();
      assertArrayEquals(scored, sample.logProbs().toArray(), 1e-5);
      List<TrainingGroup> batch =
          List.of(
              TrainingGroup.of(TrainingItem.of(GoldenModel.exchange(new int[] {3, 1, 4, 1}, 2))));
      for (Decoder.Parameter parameter : policy.decoder().parameters()) {
        if (parameter.slot().isLinear()) {
          assertCentralDifference(policy, batch, 1, parameter);
        }
      }
    }
  }

  private static ModelConfig wideGpt2() {
    return Shapes.of(Architecture.GPT2, 64, 128, 512, 1, 4, 64, Rope.of(10_000), 0.2);
  }

  private static void assertCentralDifference(
      CausalLm policy, List<TrainingGroup> batch, int tokens, Decoder.Parameter parameter) {
    float h = 0.02f;
    long place = parameter.slot().elements() / 2 + 7;
    float[] one = new float[1];
    policy.decoder().read(parameter.array(), place, one, 1);
    policy.training(batch, StepOptions.of(0, tokens)).accumulate(Objective.supervised());
    double found = gradientAt(policy, parameter, place);
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      float moved = one[0] + (side == 0 ? h : -h);
      policy.decoder().write(parameter.array(), place, new float[] {moved}, 1);
      losses[side] = policy.step(batch, Objective.supervised(), StepOptions.of(0, tokens)).loss();
    }
    policy.decoder().write(parameter.array(), place, one, 1);
    assertEquals((losses[0] - losses[1]) / (2 * h), found, 1e-4, parameter.slot().name());
  }

  private static double gradientAt(CausalLm policy, Decoder.Parameter parameter, long place) {
    try (NDManager scratch = policy.decoder().scratch()) {
      NDList all = policy.decoder().call("gradient_list", false, scratch.create(0f));
      NDArray gradient = all.get(policy.decoder().parameters().indexOf(parameter));
      return gradient.toFloatArray()[(int) place];
    }
  }

  /**
   * Attention that is computed for some queries at a time, in a row of three such parts; a layer
   * sees all that is before a token and another what is in its window.
   */
  @ParameterizedTest
  @CsvSource({"2, true", "2, false", "0, true"})
  void longRowsOfGemma2(double cap, boolean shared) throws IOException {
    OptionalDouble attentionCap = cap > 0 ? OptionalDouble.of(cap) : OptionalDouble.empty();
    ModelConfig config = Shapes.gemma2(64, 32, 64, 2, 4, attentionCap);
    int[] ids = new SplittableRandom(4).ints(300, 0, 64).toArray();
    int[] prompt = Arrays.copyOf(ids, 280);
    try (CausalLm policy = CausalLm.create(config, null, 5, GoldenModel.OPTIONS)) {
      Sample sample =
          policy.sample(List.of(TokenPrompt.of(prompt)), Sampling.greedy(8)).get(0).get(0);
      double[] scored = policy.logProbs(List.of(sample.exchange())).get(0).toArray();
      assertArrayEquals(scored, sample.logProbs().toArray(), 1e-5);
      List<TrainingItem> items = new ArrayList<>();
      items.add(TrainingItem.of(GoldenModel.exchange(ids, shared ? 280 : 1)));
      if (shared) {
        ids[299] = 1;
        items.add(TrainingItem.of(GoldenModel.exchange(ids, 280)));
      }
      List<TrainingGroup> batch = List.of(TrainingGroup.of(items.toArray(new TrainingItem[0])));
      for (Decoder.Parameter parameter : policy.decoder().parameters()) {
        if (parameter.slot().isLinear()) {
          assertCentralDifference(policy, batch, shared ? 40 : 299, parameter);
        }
      }
    }
  }

  /** A fresh model draws and scores: its norms multiply by 1, wherever that is in the weight. */
  @ParameterizedTest
  @ValueSource(strings = {"phi3", "gemma", "gemma2", "gpt2"})
  void freshWeights(String name) throws IOException {
    ModelConfig config = ConfigReader.read(GoldenModel.folder(name));
    try (CausalLm policy = CausalLm.create(config, null, 3, GoldenModel.OPTIONS)) {
      double[] logits = Logits.of(policy, new int[] {5, 6, 7})[2];
      double mean = Arrays.stream(logits).average().orElseThrow();
      double deviation =
          Math.sqrt(
              Arrays.stream(logits).map(l -> (l - mean) * (l - mean)).average().orElseThrow());
      // a normed state of 32 numbers times weights of standard deviation 0.02
      assertEquals(0.02 * Math.sqrt(32), deviation, 0.05);
    }
  }
}
