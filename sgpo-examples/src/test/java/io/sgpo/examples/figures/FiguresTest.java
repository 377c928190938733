package io.sgpo.examples.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.examples.CodeBlocks;
import io.sgpo.examples.Sgpo;
import io.sgpo.examples.cli.Terminal;
import io.sgpo.follower.WorstCase;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class FiguresTest {

  private static final Path DOCS = Path.of("").toAbsolutePath().getParent().resolve("docs");

  private static Map<String, String> written = Map.of();
  private static String printed = "";

  @BeforeAll
  static void runTheCommand(@TempDir Path folder) throws IOException {
    Path output = folder.resolve("new");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var terminal = new Terminal(InputStream.nullInputStream(), out, new PrintWriter(err), false);
    assertEquals(0, Sgpo.run(terminal, "figures", "--output", output.toString()), err.toString());
    printed = out.toString();
    written = files(output);
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readString(path));
      }
    }
    return files;
  }

  @Test
  void theCommittedFilesAreThoseThatTheCommandWrites() throws IOException {
    Map<String, String> committed = files(DOCS.resolve("pictures"));
    assertEquals(written.keySet(), committed.keySet());
    written.forEach((name, text) -> assertEquals(text, committed.get(name), name));
  }

  @Test
  void theCommandNamesItsFiles() {
    assertEquals(1, printed.lines().count(), printed);
    written.keySet().forEach(name -> assertTrue(printed.contains(name + "\""), name));
  }

  @Test
  void thePageShowsEveryPictureAndEveryTable() throws IOException {
    String page = Files.readString(DOCS.resolve("which-follower.md"));
    for (String name : written.keySet()) {
      assertTrue(page.contains("(pictures/" + name + ")"), name);
    }
    Tables.byName().forEach((name, table) -> assertTrue(page.contains(table), name));
  }

  @Test
  void thePageShowsTheCodeThatIsCompiled() throws IOException {
    String page = Files.readString(DOCS.resolve("which-follower.md"));
    String source =
        Files.readString(
            Path.of("src/main/java/io/sgpo/examples/figures/WhichFollowerExamples.java"));
    CodeBlocks.assertShown(source, page);
  }

  @Test
  void theCodeOfThePageRuns() {
    double[] gaps = Arrays.stream(NormalGaps.gaps()).limit(40).toArray();
    WhichFollowerExamples.Radius radius = WhichFollowerExamples.radius(NormalGaps.gaps());
    assertEquals(0.2, radius.saturation(), 1e-3);
    assertEquals(NormalGaps.SIZE, radius.weights().length);
    List<WorstCase> others = WhichFollowerExamples.others(gaps, NormalGaps.ball(0.1));
    assertEquals(others.get(0).value(), others.get(1).value(), 1e-9, "the program's value");
    assertTrue(others.get(2).value() <= others.get(3).value() + 1e-9, "grouped is below global");
    double[] weights = WhichFollowerExamples.reweighting(NormalGaps.losses());
    assertTrue(weights[0] > weights[NormalGaps.SIZE - 1]);
    WhichFollowerExamples.engine();
  }

  @Test
  void everyPictureIsWellFormedAndNamesNoOtherFile() throws Exception {
    for (var file : written.entrySet()) {
      if (file.getKey().endsWith(".svg")) {
        var in = new InputSource(new StringReader(file.getValue()));
        var root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        assertEquals("svg", root.getDocumentElement().getTagName());
        assertTrue(root.getElementsByTagName("polyline").getLength() > 0, file.getKey());
        assertFalse(file.getValue().contains("href"), file.getKey());
      }
    }
  }
}
