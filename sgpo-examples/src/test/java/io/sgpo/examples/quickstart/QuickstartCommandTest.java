package io.sgpo.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.examples.Sgpo;
import io.sgpo.examples.cli.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void oneSeedIsRefusedInOneLine(@TempDir Path folder) {
    assertEquals(2, run("quickstart", "--seeds", "1", "--output", folder.toString()));
    assertEquals("", out.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("seeds must be >= 2"), err.toString());
  }

  @Test
  void someoneElsesFolderIsRefusedInOneLine(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("thesis.txt"), "mine");
    assertEquals(2, run("quickstart", "--output", folder.toString()));
    assertEquals("", out.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains(folder.toString()), err.toString());
    assertEquals("mine", Files.readString(folder.resolve("thesis.txt")));
  }

  private int run(String... args) {
    return Sgpo.run(
        new Terminal(InputStream.nullInputStream(), out, new PrintWriter(err, true), false), args);
  }
}
