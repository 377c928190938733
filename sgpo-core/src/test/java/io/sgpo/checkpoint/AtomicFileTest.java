package io.sgpo.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @Test
  void replacesOrLeavesWhatIsThere(@TempDir Path folder) throws IOException {
    Path target = folder.resolve("file");
    AtomicFile.write(target, out -> out.write("one".getBytes(UTF_8)));
    AtomicFile.write(target, out -> out.write("two".getBytes(UTF_8)));
    Refusals.assertNames(
        IOException.class,
        () ->
            AtomicFile.write(
                target,
                out -> {
                  out.write("half".getBytes(UTF_8));
                  throw new IOException("disk full");
                }),
        "disk full");
    assertEquals("two", Files.readString(target));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(target), files.toList());
    }
  }
}
