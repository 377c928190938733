package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.run.HeldOut;
import io.sgpo.store.FaultyFiles.Afterwards;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.store.TinyRuns.Left;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The k-th write, force, rename, creation or deletion fails: for every ninth k, or for every k with
 * the system property {@code sgpo.resume.stride} 1.
 */
class FaultsTest {

  private static final int STRIDE = Integer.getInteger("sgpo.resume.stride", 9);

  @TempDir private Path folder;

  /** A few steps, so that there are few operations. */
  private static UnaryOperator<Aligner.Builder> options(Kind kind) {
    UnaryOperator<Aligner.Builder> shorter =
        kind == Kind.SLHF ? b -> b.steps(3) : b -> b.seedSize(8).rounds(1);
    return builder ->
        shorter
            .apply(builder)
            .heldOut(HeldOut.of(TinyRuns.chosen()).withEverySteps(2))
            .checkpointEvery(2)
            .resume(true);
  }

  @ParameterizedTest
  @CsvSource({"SSAPO, EVERYTHING", "SSAPO, NOTHING", "SLHF, WRITES"})
  void aRunGoesOnAfterAnyFault(Kind kind, Afterwards afterwards) {
    UnaryOperator<Aligner.Builder> options = options(kind);
    Left whole = TinyRuns.run(kind, folder.resolve("whole"), options);
    FaultyFiles sound = new FaultyFiles(Long.MAX_VALUE, afterwards);
    assertEquals(whole, TinyRuns.run(kind, sound.path(folder.resolve("sound")), options));
    long operations = sound.operations();
    assertTrue(operations > 50, () -> "operations: " + operations);
    int failures = 0;
    for (long k = 1; k <= operations; k += STRIDE) {
      Path directory = folder.resolve("faulty-" + k);
      FaultyFiles faulty = new FaultyFiles(k, afterwards);
      try {
        TinyRuns.run(kind, faulty.path(directory), options);
      } catch (UncheckedIOException e) {
        failures++;
      }
      assertEquals(whole, TinyRuns.run(kind, directory, options), "fault " + k);
    }
    int count = failures;
    assertTrue(
        count > operations / STRIDE / 2, () -> count + " of " + operations + " faults were seen");
  }
}
