package io.sgpo.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.checkpoint.Dtype;
import io.sgpo.checkpoint.SafetensorsFile;
import io.sgpo.checkpoint.SafetensorsWriter;
import io.sgpo.checkpoint.TensorInfo;
import io.sgpo.checkpoint.TensorSource;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapter folders that cannot be loaded, and what the refusal names. */
class AdapterFaultsTest {

  private static final Path ADAPTER = GoldenModel.folder(GoldenModel.SMALL).resolve("adapter_qv");
  private static final String FIRST =
      "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r                      | 5                 | [5, 32]
          r                      | 0                 | was 0
          r                      | null              | is missing
          r                      | "4"               | "4"
          lora_alpha             | -1                | -1
          lora_alpha             | null              | is missing
          lora_dropout           | 1                 | was 1
          peft_type              | "IA3"             | LORA
          peft_type              | null              | LORA
          task_type              | "SEQ_CLS"         | CAUSAL_LM
          bias                   | "all"             | none
          use_dora               | true              | not supported
          use_qalora             | true              | not supported
          lora_bias              | true              | not supported
          fan_in_fan_out         | true              | not supported
          rank_pattern           | {"q_proj": 8}     | not supported
          alpha_pattern          | {"q_proj": 8}     | not supported
          modules_to_save        | ["lm_head"]       | lm_head
          layer_replication      | [[0, 1]]          | not supported
          target_parameters      | ["weight"]        | not supported
          trainable_token_indices| [3]               | not supported
          megatron_config        | {"x": 1}          | not supported
          some_later_field       | "on"              | not supported
          init_lora_weights      | "pissa"           | gaussian
          target_modules         | ["q_proj", "wq"]  | "wq"
          target_modules         | ["lm_head"]       | "lm_head"
          target_modules         | []                | must be a list
          target_modules         | null              | must be a list
          target_modules         | [3]               | was 3
          target_modules         | ["q_proj"]        | is not a tensor
          target_modules         | ["q_proj", "v_proj", "o_proj"] | is missing
          use_rslora             | 1                 | true or false
          """)
  void aFieldOfTheConfiguration(String field, String value, String named) throws IOException {
    String message = refused(changed(directory, "{\"" + field + "\": " + value + "}"), named);
    boolean ofTensors = message.contains(AdapterFiles.TENSORS);
    Refusals.assertNames(
        CheckpointException.class,
        () -> load(changed(directory, "{\"" + field + "\": " + value + "}")),
        ofTensors ? "tensor" : field);
  }

  @Test
  void unknownFieldsThatAreOffAreHarmless() throws IOException {
    load(changed(directory, "{\"later\": null, \"other\": false, \"more\": {}}")).close();
  }

  @Test
  void aTensor() throws IOException {
    refused(
        tensors(tensor -> tensor.name().equals(FIRST) ? List.of() : List.of(tensor)),
        FIRST,
        "is missing");
    refused(
        tensors(
            tensor ->
                tensor.name().equals(FIRST)
                    ? List.of(TensorSource.of(FIRST, Dtype.F32, List.of(32L, 4L), new float[128]))
                    : List.of(tensor)),
        FIRST,
        "[4, 32]",
        "[32, 4]");
    String extra = "base_model.model.lm_head.weight";
    refused(
        tensors(
            tensor ->
                tensor.name().equals(FIRST)
                    ? List.of(tensor, TensorSource.of(extra, Dtype.F32, List.of(1L), new float[1]))
                    : List.of(tensor)),
        extra,
        "is not a tensor");
    refused(
        tensors(
            tensor ->
                List.of(
                    new TensorSource(
                        "x." + tensor.name(), Dtype.F32, tensor.shape(), tensor.values()))),
        "base_model.model.");
  }

  @Test
  void missingFiles() throws IOException {
    Path folder = changed(directory, "{}");
    Files.delete(folder.resolve(AdapterConfig.NAME));
    refused(folder, AdapterConfig.NAME, "is missing");
    Files.delete(folder.resolve(AdapterFiles.TENSORS));
    refused(folder, AdapterFiles.TENSORS, "missing");
  }

  @Test
  void anAdapterIsLoadedOrAskedForNotBoth() {
    Refusals.assertNames(
        IllegalArgumentException.class,
        () ->
            CausalLm.load(
                GoldenModel.folder(GoldenModel.SMALL),
                ADAPTER,
                GoldenModel.OPTIONS.withLora(LoraOptions.rank(3))),
        "lora",
        "rank=3");
  }

  private static String refused(Path folder, String... named) {
    return Refusals.assertNames(CheckpointException.class, () -> load(folder), named);
  }

  private static CausalLm load(Path adapter) throws IOException {
    return CausalLm.load(GoldenModel.folder(GoldenModel.SMALL), adapter, GoldenModel.OPTIONS);
  }

  /** A copy of the adapter with some fields of its configuration set. */
  static Path changed(Path directory, String fields) throws IOException {
    Path folder = Files.createTempDirectory(directory, "adapter");
    ObjectNode config =
        (ObjectNode) ConfigFile.JSON.readTree(ADAPTER.resolve(AdapterConfig.NAME).toFile());
    config.setAll((ObjectNode) ConfigFile.JSON.readTree(fields));
    ConfigFile.JSON.writeValue(folder.resolve(AdapterConfig.NAME).toFile(), config);
    Files.copy(ADAPTER.resolve(AdapterFiles.TENSORS), folder.resolve(AdapterFiles.TENSORS));
    return folder;
  }

  /** A copy of the adapter with other tensors. */
  private Path tensors(Function<TensorSource, List<TensorSource>> change) throws IOException {
    Path folder = changed(directory, "{}");
    Path file = folder.resolve(AdapterFiles.TENSORS);
    List<TensorSource> changed = new ArrayList<>();
    try (SafetensorsFile original = SafetensorsFile.open(file)) {
      for (TensorInfo info : original.tensors().values()) {
        float[] values = new float[(int) info.elements()];
        original.readFloats(info.name(), 0, values, 0, values.length);
        changed.addAll(change.apply(TensorSource.of(info.name(), Dtype.F32, info.shape(), values)));
      }
    }
    Files.delete(file);
    SafetensorsWriter.write(file, changed, Map.of());
    return folder;
  }
}
