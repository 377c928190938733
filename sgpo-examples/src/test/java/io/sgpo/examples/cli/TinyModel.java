package io.sgpo.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Random models of a few thousand weights, saved as model folders. */
final class TinyModel {

  static final int VOCABULARY = 37;

  private static final Path TOKENIZER = Path.of("src/test/resources/tiny-tokenizer");

  private TinyModel() {}

  /** A model that reads the words of the tokenizer in the test resources. */
  static Path withTokenizer(Path folder) throws IOException {
    return saved(folder, TOKENIZER);
  }

  /** The same weights, for token ids only. */
  static Path withoutTokenizer(Path folder) throws IOException {
    return saved(folder, null);
  }

  /** A model that also reads the letters of a judge, A and B. */
  static Path withLetters(Path folder) throws IOException {
    Path tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
    ObjectMapper json = new ObjectMapper();
    JsonNode words = json.readTree(TOKENIZER.resolve("tokenizer.json").toFile());
    ObjectNode vocabulary = (ObjectNode) words.get("model").get("vocab");
    for (String letter : List.of("A", "B", "b")) {
      vocabulary.put(letter, vocabulary.size());
    }
    json.writeValue(tokenizer.resolve("tokenizer.json").toFile(), words);
    Files.copy(
        TOKENIZER.resolve("tokenizer_config.json"), tokenizer.resolve("tokenizer_config.json"));
    return saved(folder.resolve("model"), tokenizer, vocabulary.size());
  }

  private static Path saved(Path folder, @Nullable Path tokenizer) throws IOException {
    return saved(folder, tokenizer, VOCABULARY);
  }

  private static Path saved(Path folder, @Nullable Path tokenizer, int vocabulary)
      throws IOException {
    try (CausalLm model =
        CausalLm.create(ModelConfig.llama(vocabulary, 16, 32, 2, 2, 1), tokenizer, 7)) {
      model.save(folder);
    }
    return folder;
  }
}
