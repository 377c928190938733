package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A model that was loaded is exported with its own configuration files. */
class ExportedConfigTest {

  private final Path folder;

  ExportedConfigTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static ObjectNode json(Path file) throws IOException {
    return (ObjectNode) ConfigFile.JSON.readTree(Files.readString(file));
  }

  private Path copy(String name) throws IOException {
    Path target = Files.createDirectories(folder.resolve("source"));
    try (Stream<Path> files = Files.list(GoldenModel.folder(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, target.resolve(file.getFileName().toString()));
      }
    }
    return target;
  }

  private Path export(Path source) throws IOException {
    Path exported = folder.resolve("exported");
    try (CausalLm policy = CausalLm.load(source, GoldenModel.OPTIONS)) {
      policy.export(exported, ExportOptions.DEFAULT.withDtype(ExportOptions.Type.BFLOAT16));
    }
    return exported;
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void everyFieldButTheTypeIsThatOfTheFile(String name) throws IOException {
    Path exported = export(copy(name));
    ObjectNode expected = json(GoldenModel.folder(name).resolve("config.json"));
    assertEquals(expected.put("torch_dtype", "bfloat16"), json(exported.resolve("config.json")));
    assertEquals(
        json(GoldenModel.folder(name).resolve("generation_config.json")),
        json(exported.resolve("generation_config.json")));
  }

  @Test
  void aFileOfTransformers5StaysOne() throws IOException {
    Path source = copy(GoldenModel.SMALL);
    Path newer = source.resolve("config.transformers5.json");
    Files.writeString(source.resolve("config.json"), Files.readString(newer));
    ObjectNode exported = json(export(source).resolve("config.json"));
    assertEquals(json(newer).put("dtype", "bfloat16"), exported);
    assertFalse(exported.has("torch_dtype"));
  }

  @Test
  void theTypeIsToldUnderEveryNameThatTheFileHasForIt() throws IOException {
    Path source = copy(GoldenModel.SMALL);
    ObjectNode both = json(source.resolve("config.json"));
    both.put("torch_dtype", "float32").put("dtype", "float32");
    Files.writeString(source.resolve("config.json"), both.toString());
    ObjectNode exported = json(export(source).resolve("config.json"));
    assertEquals(both.put("torch_dtype", "bfloat16").put("dtype", "bfloat16"), exported);
  }

  @Test
  void settingsOfGenerationAndUnknownFieldsStay() throws IOException {
    Path source = copy(GoldenModel.SMALL);
    ObjectNode generation = json(source.resolve("generation_config.json"));
    generation.put("temperature", 0.7).put("top_p", 0.8).put("top_k", 20);
    generation.put("repetition_penalty", 1.05).putArray("eos_token_id").add(7).add(2);
    Files.writeString(source.resolve("generation_config.json"), generation.toString());
    ObjectNode config = json(source.resolve("config.json"));
    config.put("of_another_library", 3).putObject("auto_map").put("AutoConfig", "x.Y");
    Files.writeString(source.resolve("config.json"), config.toString());
    Path exported = export(source);
    generation.putArray("eos_token_id").add(2).add(7);
    assertEquals(generation, json(exported.resolve("generation_config.json")));
    assertEquals(3, json(exported.resolve("config.json")).get("of_another_library").intValue());
    assertFalse(json(exported.resolve("config.json")).has("auto_map")); // its code is not there
    assertEquals(List.of(2, 7), List.copyOf(ConfigReader.read(exported).endOfSequence()));
  }

  @Test
  void aRewardModelIsOneOfItsOwnFields() throws IOException {
    Path source = copy(GoldenModel.SMALL);
    Path exported = folder.resolve("exported");
    try (RewardModel reward = RewardModel.from(source, 1, GoldenModel.OPTIONS)) {
      reward.save(exported);
    }
    ObjectNode config = json(exported.resolve("config.json"));
    assertEquals("LlamaForSequenceClassification", config.get("architectures").get(0).textValue());
    assertEquals(1, config.get("id2label").size());
    assertEquals(1, config.get("pretraining_tp").intValue());
    RewardModel.load(exported, GoldenModel.OPTIONS).close();
  }
}
