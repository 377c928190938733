package io.sgpo.lm;

import io.sgpo.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ConfigFuzz} without a fuzzer: its seeds, whole, cut off and with every bit turned. */
class ConfigSeedsTest {

  static List<Path> seeds() {
    return FuzzSeeds.beside(ConfigFuzz.class);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void seedIsReadOrRefused(Path seed) throws IOException {
    byte[] bytes = Files.readAllBytes(seed);
    for (int length = 0; length <= bytes.length; length++) {
      ConfigFuzz.fuzzerTestOneInput(Arrays.copyOf(bytes, length));
    }
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      ConfigFuzz.fuzzerTestOneInput(changed);
    }
  }

  /** The layout of 4096 layers takes 26 MB, which are not the reader's. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2"})
  void theMostLayersAreNoFinding(String type) throws IOException {
    String config =
        """
        {"model_type": "%s", "vocab_size": 40, "hidden_size": 16, "intermediate_size": 24,
         "num_hidden_layers": 4096, "num_attention_heads": 4, "head_dim": 4,
         "max_position_embeddings": 64, "sliding_window": 8, "query_pre_attn_scalar": 8}
        """
            .formatted(type);
    ConfigFuzz.fuzzerTestOneInput(config.getBytes(StandardCharsets.UTF_8));
  }
}
