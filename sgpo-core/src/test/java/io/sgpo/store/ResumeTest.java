package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.run.HeldOut;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.store.TinyRuns.Left;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * run(0..T) equals run(0..k) and resume(k..T), bit for bit: for every seventh k, or for every k
 * with the system property {@code sgpo.resume.stride} 1.
 */
class ResumeTest {

  private static final int STRIDE = Integer.getInteger("sgpo.resume.stride", 7);

  /** What a killed process does not do any more. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @TempDir private Path folder;

  private static Aligner.Builder measured(Aligner.Builder builder) {
    return builder.heldOut(HeldOut.of(TinyRuns.chosen()).withEverySteps(3)).resume(true);
  }

  /** The weights at the end are the last ones, not the best. */
  private static Aligner.Builder last(Aligner.Builder builder) {
    return builder.checkpointEvery(3).resume(true);
  }

  private static int units(UnaryOperator<Aligner.Builder> options, Kind kind, Path directory) {
    AtomicInteger asked = new AtomicInteger();
    TinyRuns.run(
        kind,
        directory,
        builder ->
            options
                .apply(builder)
                .cancelWhen(
                    () -> {
                      asked.incrementAndGet();
                      return false;
                    }));
    return asked.get();
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatIsStoppedAnywhereEndsAsIfItHadNotBeen(Kind kind) {
    UnaryOperator<Aligner.Builder> options = ResumeTest::measured;
    Left whole = TinyRuns.run(kind, folder.resolve("whole"), options);
    int units = units(options, kind, folder.resolve("units"));
    assertTrue(units >= 10, () -> "units: " + units);
    for (int k = 0; k < units; k += STRIDE) {
      Path directory = folder.resolve("stopped-" + k);
      int stop = k;
      AtomicInteger asked = new AtomicInteger();
      BooleanSupplier at = () -> asked.getAndIncrement() >= stop;
      TinyRuns.run(kind, directory, b -> options.apply(b).cancelWhen(at));
      assertEquals(whole, TinyRuns.run(kind, directory, options), "stopped after unit " + k);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatIsStoppedAtEveryUnitEndsToo(Kind kind) {
    UnaryOperator<Aligner.Builder> options = ResumeTest::measured;
    Left whole = TinyRuns.run(kind, folder.resolve("whole"), options);
    Path directory = folder.resolve("stopped");
    Left left = null;
    for (int i = 0; i < 200 && !whole.equals(left); i++) {
      AtomicInteger asked = new AtomicInteger();
      BooleanSupplier second = () -> asked.getAndIncrement() >= 1;
      left = TinyRuns.run(kind, directory, b -> options.apply(b).cancelWhen(second));
    }
    assertEquals(whole, left);
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatIsKilledAnywhereEndsAsIfItHadNotBeen(Kind kind) {
    UnaryOperator<Aligner.Builder> options = ResumeTest::last;
    Left whole = TinyRuns.run(kind, folder.resolve("whole"), options);
    int units = units(options, kind, folder.resolve("units"));
    for (int k = 0; k < units; k += STRIDE) {
      Path directory = folder.resolve("killed-" + k);
      int stop = k;
      AtomicInteger asked = new AtomicInteger();
      BooleanSupplier kill =
          () -> {
            if (asked.getAndIncrement() >= stop) {
              throw new Killed();
            }
            return false;
          };
      assertThrows(
          Killed.class,
          () -> TinyRuns.run(kind, directory, b -> options.apply(b).cancelWhen(kill)));
      assertEquals(whole, TinyRuns.run(kind, directory, options), "killed after unit " + k);
      assertFalse(Files.exists(directory.resolve("checkpoints/.new")));
    }
  }
}
