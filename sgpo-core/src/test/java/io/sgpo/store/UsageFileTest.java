package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import io.sgpo.Aligner;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Budget;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Usage;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UsageFileTest {

  @TempDir private Path folder;

  private Alignment align(Kind kind, UnaryOperator<Aligner.Builder> more) {
    try (TabularPolicy policy = kind.policy()) {
      return more.apply(kind.builder(policy).runDirectory(folder.resolve("run")).resume(true))
          .build()
          .align();
    }
  }

  private ObjectNode read() throws IOException {
    return Json.read(folder.resolve("run/usage.json"));
  }

  private static double sum(ObjectNode usage) {
    double sum = 0;
    for (Map.Entry<String, JsonNode> phase : usage.get("seconds").properties()) {
      assertTrue(phase.getValue().asDouble() >= 0, usage::toString);
      sum += phase.getValue().asDouble();
    }
    return sum;
  }

  @Test
  void aRunTellsWhatItUsedAndWhereItsTimeWent() throws IOException {
    long begun = System.nanoTime();
    Alignment stopped =
        align(
            Kind.CACHED_JUDGE,
            b ->
                b.heldOut(HeldOut.of(TinyRuns.chosen()).withKeepBest(false))
                    .budget(Budget.ofSteps(8)));
    ObjectNode first = read();
    assertEquals(stopped.used(), usage(first));
    assertTrue(stopped.used().judgeCalls() > 0, "the judge was asked before the stop");
    Alignment finished =
        align(Kind.CACHED_JUDGE, b -> b.heldOut(HeldOut.of(TinyRuns.chosen()).withKeepBest(false)));
    double elapsed = (System.nanoTime() - begun) * 1e-9;
    ObjectNode all = read();
    assertEquals(finished.used(), usage(all));
    Set<String> phases = new HashSet<>();
    all.get("seconds").properties().forEach(phase -> phases.add(phase.getKey()));
    assertTrue(
        phases.containsAll(
            Set.of("start", "reference", "annotate", "train", "evaluate", "checkpoint")),
        phases.toString());
    // the seconds of both processes, and no more than there were
    assertTrue(sum(all) > sum(first) && sum(all) < elapsed, sum(all) + " of " + elapsed);
    for (Map.Entry<String, JsonNode> phase : first.get("seconds").properties()) {
      assertTrue(all.get("seconds").get(phase.getKey()).asDouble() >= phase.getValue().asDouble());
    }
  }

  /** The judge is asked at each of 14 steps and takes a while. */
  @ParameterizedTest
  @EnumSource(names = {"SLHF", "RLOO", "NASH_MD"})
  void aRunOnItsOwnAnswersTellsSamplingJudgingAndTrainingApart(Kind kind) throws IOException {
    long wait = 10;
    PreferenceModel slow =
        comparisons -> {
          Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(wait));
          return TinyWorld.judge().compare(comparisons);
        };
    align(kind, b -> b.preferenceModel(slow));
    ObjectNode seconds = (ObjectNode) read().get("seconds");
    Set<String> phases = new HashSet<>();
    seconds.properties().forEach(phase -> phases.add(phase.getKey()));
    assertEquals(Set.of("start", "sample", "judge", "reference", "train", "checkpoint"), phases);
    assertTrue(seconds.get("judge").asDouble() >= 14 * wait * 0.9e-3, seconds::toString);
    for (String other : Set.of("sample", "reference", "train")) {
      assertTrue(seconds.get(other).asDouble() > 0, seconds::toString);
    }
  }

  private static Usage usage(ObjectNode of) {
    return new Usage(
        of.get("steps").asLong(), of.get("tokens").asLong(), of.get("judgeCalls").asLong());
  }

  @Test
  void oneThatIsDamagedIsToldAndWrittenAnew() throws IOException {
    align(Kind.SSAPO, b -> b.budget(Budget.ofSteps(3)));
    Files.writeString(folder.resolve("run/usage.json"), "{");
    List<String> warnings = new ArrayList<>();
    Alignment finished =
        align(
            Kind.SSAPO,
            b ->
                b.listener(
                    new AlignmentListener() {
                      @Override
                      public void onWarning(String message) {
                        warnings.add(message);
                      }
                    }));
    assertTrue(warnings.get(0).contains("usage.json"), warnings.toString());
    assertEquals(finished.used(), usage(read()));
  }
}
