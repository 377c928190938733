package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.examples.Sgpo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SgpoTest {

  @Test
  void withoutACommandOrWithAnUnknownOneItRefuses() {
    sgpo().assertRefused("sgpo: Missing required subcommand");
    sgpo("bogus").assertRefused("bogus");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "follower",
        "game",
        "score",
        "generate",
        "align",
        "refine",
        "export",
        "train-reward",
        "compare",
        "report"
      })
  void everyCommandHasHelp(String command) {
    CliRun run = sgpo(command, "--help");
    assertEquals(0, run.status());
    assertEquals("", run.err());
    assertTrue(run.out().contains("Usage: sgpo " + command), run.out());
    assertTrue(sgpo("--help").out().contains("  " + command), command);
  }

  @Test
  void theVersionComesFromTheBuild() {
    CliRun run = sgpo("--version");
    assertEquals(0, run.status());
    assertTrue(run.out().matches("(?s)sgpo \\d+\\.\\d+.*PyTorch \\d+\\..*"), run.out());
  }

  @ParameterizedTest
  @CsvSource({"Broken pipe,''", "No space left on device,standard output could not be written"})
  void aFailingStandardOutputIsStatusOne(String reason, String message) {
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(InputStream.nullInputStream(), failing(reason), new PrintWriter(err), false);
    int status = Sgpo.run(terminal, "follower", "--epsilon=1", "--tau=1", gaps());
    assertEquals(1, status);
    assertEquals(message.isEmpty(), err.toString().isEmpty(), err.toString());
    assertTrue(err.toString().contains(message), err.toString());
  }

  private static String gaps() {
    return "src/test/resources/cli/gaps.txt";
  }

  private static Writer failing(String reason) {
    return new Writer() {
      @Override
      public void write(char[] buffer, int offset, int length) throws IOException {
        throw new IOException(reason);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
