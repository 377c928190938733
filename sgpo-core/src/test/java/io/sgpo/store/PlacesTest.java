package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sgpo.Aligner;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Budget;
import io.sgpo.run.RunRefusedException;
import io.sgpo.run.StepReport;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.store.TinyRuns.Left;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run directories that are links, full, read-only, or those of another run. */
class PlacesTest {

  @TempDir private Path folder;

  private static Aligner.Builder resumed(Aligner.Builder builder) {
    return builder.resume(true);
  }

  private static void stopAfter(Path at, int steps) {
    TinyRuns.run(Kind.SSAPO, at, builder -> builder.budget(Budget.ofSteps(steps)));
  }

  private Left whole() {
    return TinyRuns.run(Kind.SSAPO, folder.resolve("whole"), builder -> builder);
  }

  private static UncheckedIOException failure(Path at) {
    return assertThrows(
        UncheckedIOException.class, () -> TinyRuns.run(Kind.SSAPO, at, PlacesTest::resumed));
  }

  @Test
  void aLinkIsTheDirectoryThatItPointsTo() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("run"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
    stopAfter(link, 3);
    assertTrue(Files.exists(directory.resolve("manifest.json")));
    List<String> refused = new ArrayList<>();
    AlignmentListener intruder =
        new AlignmentListener() {
          @Override
          public void onStep(StepReport step) {
            if (refused.isEmpty()) {
              refused.add(
                  String.valueOf(
                      assertThrows(
                              RunRefusedException.class,
                              () -> TinyRuns.run(Kind.SSAPO, directory, PlacesTest::resumed))
                          .getMessage()));
            }
          }
        };
    TinyRuns.run(
        Kind.SSAPO, link, b -> b.resume(true).listener(intruder).budget(Budget.ofSteps(6)));
    assertTrue(refused.get(0).contains("in use by another run of this process"), refused.get(0));
    assertEquals(whole(), TinyRuns.run(Kind.SSAPO, directory, PlacesTest::resumed));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void theRunOfAnotherEngineIsRefusedAndLeftAsItIs() throws IOException {
    Path directory = folder.resolve("run");
    TinyRuns.run(Kind.DPO, directory, b -> b.budget(Budget.ofSteps(2)));
    String manifest = Files.readString(directory.resolve("manifest.json"));
    Left before = new Left("", TinyRuns.files(directory));
    RunRefusedException refusal =
        assertThrows(
            RunRefusedException.class,
            () -> TinyRuns.run(Kind.SSAPO, directory, PlacesTest::resumed));
    assertTrue(refusal.getMessage().contains("engine was dpo and is ssapo"), refusal.toString());
    assertEquals(manifest, Files.readString(directory.resolve("manifest.json")));
    assertEquals(before, new Left("", TinyRuns.files(directory)));
    assertEquals(
        TinyRuns.run(Kind.DPO, folder.resolve("whole"), builder -> builder),
        TinyRuns.run(Kind.DPO, directory, PlacesTest::resumed));
  }

  private static Aligner.Builder judgedBy(Aligner.Builder builder, String identity) {
    PreferenceModel judge = TinyWorld.judge();
    return builder.preferenceModel(
        PreferenceModel.of(
            identity, c -> ((Verdict.Preference) judge.compare(List.of(c)).get(0)).probability()));
  }

  @Test
  void anotherJudgeIsRefusedByItsIdentity() {
    for (Kind kind : List.of(Kind.ITERATIVE_DPO, Kind.SLHF)) {
      Path directory = folder.resolve(kind.name());
      TinyRuns.run(kind, directory, b -> judgedBy(b, "first").budget(Budget.ofSteps(2)));
      RunRefusedException refusal =
          assertThrows(
              RunRefusedException.class,
              () -> TinyRuns.run(kind, directory, b -> judgedBy(b, "second").resume(true)));
      assertTrue(refusal.getMessage().contains("was first and is second"), refusal.toString());
      TinyRuns.run(kind, directory, b -> judgedBy(b, "first").resume(true));
    }
  }

  @Test
  void aFullDiskStopsARunThatGoesOnOnceThereIsRoom() throws IOException {
    try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"))) {
      Path directory = disk.path("run");
      disk.fillUpTo(0);
      assertTrue(failure(directory).getMessage().contains("No space left"));
      disk.makeRoom();
      stopAfter(directory, 3);
      for (int free : new int[] {0, 4096, 3 * 4096}) {
        disk.fillUpTo(free);
        assertTrue(failure(directory).getMessage().contains("No space left"));
      }
      disk.makeRoom();
      assertEquals(whole(), TinyRuns.run(Kind.SSAPO, directory, PlacesTest::resumed));
    }
  }

  @Test
  void aReadOnlyDiskIsNamedAndNothingIsLost() throws IOException {
    try (SmallDisk disk = SmallDisk.at(folder.resolve("disk"))) {
      Path directory = disk.path("run");
      stopAfter(directory, 3);
      disk.readOnly(true);
      String again = String.valueOf(failure(directory).getMessage());
      assertTrue(again.contains(directory.toString()) && again.contains("Read-only"), again);
      String fresh = String.valueOf(failure(disk.path("new")).getMessage());
      assertTrue(fresh.contains("Read-only"), fresh);
      disk.readOnly(false);
      assertEquals(whole(), TinyRuns.run(Kind.SSAPO, directory, PlacesTest::resumed));
    }
  }

  @Test
  void aDirectoryWithoutTheRightToWriteIsNamedAndNothingIsLost() throws IOException {
    Path directory = folder.resolve("run");
    stopAfter(directory, 3);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(Files.isWritable(directory), "this user may write everywhere");
      String message = String.valueOf(failure(directory).getMessage());
      assertTrue(message.contains(directory.toString()), message);
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    assertEquals(whole(), TinyRuns.run(Kind.SSAPO, directory, PlacesTest::resumed));
  }
}
