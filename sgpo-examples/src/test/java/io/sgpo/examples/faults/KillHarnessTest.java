package io.sgpo.examples.faults;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A few real kills in every build; the program itself makes as many as one asks for. */
@Timeout(300)
final class KillHarnessTest {

  private static final int KILLS = 2;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void killedRunsEndWithTheBytesOfUninterruptedOnes() throws Exception {
    Victim.writeModel(folder.resolve("model"));
    assertTrue(new KillHarness(folder, 5).attack("ssapo", KILLS), "ssapo");
    assertTrue(new KillHarness(folder, 6).attack("slhf", KILLS), "slhf");
    Map<String, String> left = KillHarness.files(folder.resolve("ssapo-whole"));
    assertTrue(left.containsKey("model/model.safetensors"), left.keySet().toString());
    assertTrue(left.containsKey("annotations/round-2.jsonl"), left.keySet().toString());
  }

  @Test
  void aChangedByteIsSeen() throws IOException {
    Path one = Files.createDirectories(folder.resolve("one"));
    Files.writeString(one.resolve("steps.jsonl"), "{\"loss\":0.5}\n");
    Files.writeString(one.resolve("metrics.jsonl"), "{\"loss\":0.5,\"time.train\":1.5}\n");
    Map<String, String> before = new HashMap<>(KillHarness.files(one));
    Files.writeString(one.resolve("metrics.jsonl"), "{\"loss\":0.5,\"time.train\":2.5}\n");
    assertTrue(before.equals(KillHarness.files(one)), "times do not count");
    Files.writeString(one.resolve("steps.jsonl"), "{\"loss\":0.6}\n");
    assertFalse(before.equals(KillHarness.files(one)), "a loss does");
  }
}
