package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;
import static io.sgpo.lm.GoldenModel.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.Dtype;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that PEFT 0.17.1 wrote, and what it computed with them. */
class GoldenAdaptersTest {

  // Tolerances proposed by the README of the goldens.
  private static final double LOGIT = 2e-4;
  private static final double NORM = 1e-3;

  /** Float32 matrix products in two orders: W x + s B (A x) and (W + s B A) x. */
  private static final double MERGED = 1e-4;

  @TempDir private Path directory;

  private static GoldenModel golden(String model, String adapter) {
    Path folder = GoldenModel.folder(model);
    return GoldenModel.of(folder.resolve(adapter), folder.resolve(adapter).resolve("golden.json"));
  }

  private static CausalLm load(String model, String adapter) throws IOException {
    return load(model, golden(model, adapter).folder());
  }

  private static CausalLm load(String model, Path adapter) throws IOException {
    return CausalLm.load(GoldenModel.folder(model), adapter, GoldenModel.OPTIONS);
  }

  private static List<Exchange> exchanges(String model) {
    return GoldenModel.of(model).dpoItems().stream().map(TrainingItem::exchange).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "llama-untied-gqa, adapter_qv",
    "llama-untied-gqa, adapter_all_rslora",
    "qwen2-tied-f16, adapter_qkvo"
  })
  void logits(String model, String adapter) throws IOException {
    JsonNode expected = golden(model, adapter).golden().get("short");
    try (CausalLm policy = load(model, adapter)) {
      double[][] rows = Logits.of(policy, ints(expected.get("input_ids")));
      for (int t = 0; t < rows.length; t++) {
        assertArrayEquals(doubles(expected.get("logits").get(t)), rows[t], LOGIT);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama-untied-gqa, adapter_qv",
    "llama-untied-gqa, adapter_all_rslora",
    "qwen2-tied-f16, adapter_qkvo"
  })
  void lossAndGradients(String model, String adapter) throws IOException {
    JsonNode expected = golden(model, adapter).golden().get("nll");
    Nll objective = Nll.of(GoldenModel.of(model).golden().get("nll"));
    try (CausalLm policy = load(model, adapter)) {
      StepOptions options = StepOptions.of(0, objective.tokens());
      TrainingStep step = policy.training(objective.batch(), options);
      step.accumulate(objective);
      float[] norms = step.norms();
      List<Decoder.Parameter> parameters = policy.decoder().parameters();
      assertEquals(expected.get("grad_norms").size(), norms.length);
      for (int i = 0; i < norms.length; i++) {
        String name = parameters.get(i).slot().name().replace(".weight", ".default.weight");
        double norm = expected.get("grad_norms").get(name).doubleValue();
        assertEquals(norm, norms[i], NORM * norm, name);
      }
      assertEquals(
          expected.get("loss").doubleValue(),
          policy.step(objective.batch(), objective, options).loss(),
          1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama-untied-gqa, adapter_qv",
    "llama-untied-gqa, adapter_all_rslora",
    "qwen2-tied-f16, adapter_qkvo"
  })
  void merged(String model, String adapter) throws IOException {
    Path merged = directory.resolve("merged");
    List<Exchange> exchanges = exchanges(model);
    try (CausalLm policy = load(model, adapter)) {
      policy.export(merged, ExportOptions.DEFAULT.withMaxShardBytes(20_000));
      try (CausalLm whole = CausalLm.load(merged, GoldenModel.OPTIONS)) {
        for (int i = 0; i < exchanges.size(); i++) {
          assertArrayEquals(
              policy.logProbs(exchanges).get(i).toArray(),
              whole.logProbs(exchanges).get(i).toArray(),
              MERGED);
        }
      }
    }
    try (ModelWeights weights = ModelWeights.open(merged)) {
      for (Map.Entry<String, JsonNode> tensor :
          golden(model, adapter).golden().get("merged_weights_first_elements").properties()) {
        float[] elements = new float[tensor.getValue().size()];
        weights.readFloats(tensor.getKey(), 0, elements, 0, elements.length);
        for (int i = 0; i < elements.length; i++) {
          assertEquals(tensor.getValue().get(i).doubleValue(), elements[i], 1e-6);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, F16, 0.02", "BFLOAT16, BF16, 0.2"})
  void mergedInSixteenBits(ExportOptions.Type type, Dtype onFile, double tolerance)
      throws IOException {
    Path merged = directory.resolve("merged");
    List<Exchange> exchanges = exchanges(GoldenModel.SMALL);
    try (CausalLm policy = load(GoldenModel.SMALL, "adapter_qv")) {
      policy.export(merged, ExportOptions.DEFAULT.withDtype(type));
      try (CausalLm whole = CausalLm.load(merged, GoldenModel.OPTIONS)) {
        double[] expected = policy.logProbs(exchanges).get(0).toArray();
        assertArrayEquals(expected, whole.logProbs(exchanges).get(0).toArray(), tolerance);
        assertNotEquals(policy.logProbs(exchanges), whole.logProbs(exchanges));
      }
    }
    try (ModelWeights weights = ModelWeights.open(merged)) {
      for (String name : weights.names()) {
        assertEquals(onFile, weights.info(name).dtype());
      }
    }
    JsonNode config = ConfigFile.JSON.readTree(merged.resolve("config.json").toFile());
    assertEquals(type.label(), config.get("torch_dtype").textValue());
  }

  @ParameterizedTest
  @CsvSource({
    "llama-untied-gqa, adapter_qv",
    "llama-untied-gqa, adapter_all_rslora",
    "qwen2-tied-f16, adapter_qkvo"
  })
  void savedAsPeftSavedIt(String model, String adapter) throws IOException {
    Path saved = directory.resolve("saved");
    Path original = golden(model, adapter).folder();
    try (CausalLm policy = load(model, adapter)) {
      policy.save(saved);
      try (CausalLm again = load(model, saved);
          FrozenPolicy one = policy.reference();
          FrozenPolicy other = again.reference()) {
        assertEquals(policy.logProbs(exchanges(model)), again.logProbs(exchanges(model)));
        assertEquals(one.digest(), other.digest());
      }
    }
    assertEquals(fields(original), fields(saved));
    assertArrayEquals(
        Files.readAllBytes(original.resolve(AdapterFiles.TENSORS)),
        Files.readAllBytes(saved.resolve(AdapterFiles.TENSORS)));
  }

  /** The configuration's fields with the targets in order and without the base's folder. */
  private static JsonNode fields(Path folder) throws IOException {
    ObjectNode node =
        (ObjectNode) ConfigFile.JSON.readTree(folder.resolve(AdapterConfig.NAME).toFile());
    TreeSet<String> targets = new TreeSet<>();
    node.get("target_modules").forEach(target -> targets.add(target.textValue()));
    node.set("target_modules", ConfigFile.JSON.valueToTree(targets));
    node.remove("base_model_name_or_path");
    return node;
  }

  @Test
  void aPatternOrLayersSelectWhatTheTensorsAreOf() throws IOException {
    for (String change :
        List.of(
            "{\"target_modules\": \".*\\\\.(q|v)_proj\"}",
            "{\"layers_to_transform\": [0, 1, 2]}",
            "{\"exclude_modules\": [\"k_proj\"]}")) {
      Path folder = AdapterFaultsTest.changed(directory, change);
      try (CausalLm same = load(GoldenModel.SMALL, folder);
          CausalLm original = load(GoldenModel.SMALL, "adapter_qv")) {
        List<Exchange> exchanges = exchanges(GoldenModel.SMALL);
        assertEquals(original.logProbs(exchanges), same.logProbs(exchanges));
        Path saved = folder.resolve("again");
        same.save(saved);
        load(GoldenModel.SMALL, saved).close();
      }
    }
  }
}
