package io.sgpo.testing;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The inputs with which a fuzzer begins: small files in the test resources. */
public final class FuzzSeeds {

  private FuzzSeeds() {}

  /** The files in the folder {@code fuzz} beside a class, by name. */
  public static List<Path> beside(Class<?> target) {
    URL folder = Objects.requireNonNull(target.getResource("fuzz"), "fuzz");
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().toList();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
