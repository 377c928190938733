package io.sgpo.examples.cli;

import io.sgpo.lm.CausalLm;
import io.sgpo.lm.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
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

  private static Path saved(Path folder, @Nullable Path tokenizer) throws IOException {
    try (CausalLm model =
        CausalLm.create(ModelConfig.llama(VOCABULARY, 16, 32, 2, 2, 1), tokenizer, 7)) {
      model.save(folder);
    }
    return folder;
  }
}
