package io.sgpo.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.data.DataException;
import io.sgpo.preference.Verdict;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictCacheTest {

  private final Path file;

  VerdictCacheTest(@TempDir Path directory) {
    file = directory.resolve("folder").resolve("cache.jsonl");
  }

  @Test
  void verdictsComeBackAndFailuresDoNot() throws IOException {
    Verdict third = Verdict.of(1.0 / 3);
    Verdict tie = new Verdict.Abstention("said \"tie\"\n");
    try (VerdictCache cache = VerdictCache.open(file)) {
      cache.put("a", third);
      cache.put("b", tie);
      cache.put("c", new Verdict.Failure("down"));
      cache.put("a", Verdict.of(1));
      assertEquals(Optional.of(third), cache.get("a"));
    }
    try (VerdictCache cache = VerdictCache.open(file)) {
      assertEquals(Optional.of(third), cache.get("a"));
      assertEquals(Optional.of(tie), cache.get("b"));
      assertEquals(Optional.empty(), cache.get("c"));
      assertEquals(2, cache.size());
    }
  }

  @Test
  void aLineThatACrashLeftHalfWrittenIsCutOff() throws IOException {
    try (VerdictCache cache = VerdictCache.open(file)) {
      cache.put("a", Verdict.of(0.25));
      cache.put("b", Verdict.of(0.75));
    }
    byte[] whole = Files.readAllBytes(file);
    int second = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
    for (int length = second; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (VerdictCache cache = VerdictCache.open(file)) {
        assertEquals(1, cache.size());
        cache.put("b", Verdict.of(0.75));
      }
      assertEquals(new String(whole, StandardCharsets.UTF_8), Files.readString(file));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"key\": \"b\"}",
        "{\"probability\": 0.5}",
        "{\"key\": \"b\", \"probability\": 1.5}",
        "{\"key\": \"b\", \"probability\": \"NaN\"}",
        "{\"key\": \"b\", \"probability\": 0.",
        "",
        "[]"
      })
  void aLineOfSomethingElseIsRefusedByItsNumber(String line) throws IOException {
    Files.createDirectories(file.getParent());
    String text = "{\"key\": \"a\", \"probability\": 0.5}\n" + line + "\n";
    Files.writeString(file, text);
    Refusals.assertNames(
        DataException.class, () -> VerdictCache.open(file).close(), file.toString(), "row 2");
    assertEquals(text, Files.readString(file));
  }

  @Test
  void severalCachesOfOneFileLoseNothing() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (VerdictCache one = VerdictCache.open(file);
        VerdictCache other = VerdictCache.open(file)) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        VerdictCache cache = t % 2 == 0 ? one : other;
        String name = "thread " + t + " verdict ";
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    cache.put(name + i, Verdict.of(i / 25.0));
                  }
                }));
      }
      for (Future<?> thread : done) {
        thread.get();
      }
    } finally {
      threads.shutdownNow();
    }
    try (VerdictCache cache = VerdictCache.open(file)) {
      assertEquals(100, cache.size());
      assertEquals(Optional.of(Verdict.of(0.24)), cache.get("thread 3 verdict 6"));
    }
  }

  @Test
  void anInterruptedThreadWritesToo() throws IOException {
    try (VerdictCache cache = VerdictCache.open(file)) {
      Thread.currentThread().interrupt();
      cache.put("a", Verdict.of(0.5));
      assertTrue(Thread.interrupted());
      cache.put("b", Verdict.of(0.5));
    }
    assertEquals(2, Files.readAllLines(file).size());
  }

  @Test
  void aFolderIsNoCache() throws IOException {
    Files.createDirectories(file);
    Refusals.assertNames(
        DataException.class, () -> VerdictCache.open(file), file.toString(), "regular file");
  }
}
