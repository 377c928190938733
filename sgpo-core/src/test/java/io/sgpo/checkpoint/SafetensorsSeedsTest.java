package io.sgpo.checkpoint;

import io.sgpo.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link SafetensorsFuzz} without a fuzzer: its seeds, whole, cut off and with every bit turned.
 */
class SafetensorsSeedsTest {

  static List<Path> seeds() {
    return FuzzSeeds.beside(SafetensorsFuzz.class);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void seedIsReadOrRefused(Path seed) throws IOException {
    byte[] bytes = Files.readAllBytes(seed);
    for (int length = 0; length <= bytes.length; length++) {
      SafetensorsFuzz.fuzzerTestOneInput(Arrays.copyOf(bytes, length));
    }
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      SafetensorsFuzz.fuzzerTestOneInput(changed);
    }
  }
}
