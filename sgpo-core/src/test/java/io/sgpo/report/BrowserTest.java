package io.sgpo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens a report in a headless Chromium. It is that of the system property or environment variable
 * {@code SGPO_BROWSER}, or one of the usual names on the path; without one the test is skipped.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BrowserTest {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private static Optional<Path> browser() {
    String given = System.getProperty("SGPO_BROWSER", System.getenv("SGPO_BROWSER"));
    if (given != null) {
      return Optional.of(Path.of(given));
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private record Shown(String out, String err) {}

  private Shown open(Path browser, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(browser.toString()));
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--enable-logging=stderr",
            "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(options));
    command.add(folder.resolve("run/report.html").toUri().toString());
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(100, TimeUnit.SECONDS), "the browser must end");
      assertEquals(0, process.exitValue(), () -> read(err));
    } finally {
      process.destroyForcibly();
    }
    return new Shown(read(out), read(err));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aReportRendersWithoutAComplaint() throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(browser.isPresent(), "no browser on the path: " + NAMES + ", or SGPO_BROWSER");
    writeReport();
    Shown page = open(browser.orElseThrow(), "--dump-dom");
    assertTrue(page.out().contains("Run of ssapo"), page.out());
    assertTrue(page.out().contains("Weights against margins"), page.out());
    assertFalse(page.err().toLowerCase(Locale.ROOT).contains("console("), page.err());
    Path picture = folder.resolve("picture.png");
    open(browser.orElseThrow(), "--window-size=1200,1600", "--screenshot=" + picture);
    BufferedImage image = ImageIO.read(picture.toFile());
    assertEquals(1200, image.getWidth());
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertTrue(colours.size() > 50, () -> "text and lines have many shades: " + colours.size());
  }

  private void writeReport() throws IOException {
    TinyWorld world = new TinyWorld(3);
    try (TabularPolicy policy = world.policy()) {
      world
          .rounds(policy)
          .warmStartEpochs(1)
          .epochsPerRound(1)
          .runDirectory(folder.resolve("run"))
          .build()
          .align();
    }
    RunReport.of(folder.resolve("run")).write(folder.resolve("run/report.html"));
  }
}
