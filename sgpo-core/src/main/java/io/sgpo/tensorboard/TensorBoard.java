package io.sgpo.tensorboard;

import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.CheckpointReport;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/**
 * Writes a run's events into a folder that TensorBoard watches: loss, gradient norm and tokens of
 * every step, the metrics and gaps of every round, and held-out measures. A run directory holds
 * such a file already; this is for runs without one, and for folders that hold several runs.
 *
 * <p>Every listener writes a file of its own. One of a run that was resumed begins with a mark that
 * makes TensorBoard forget what an earlier file has of later steps. The owner closes it. Not
 * thread-safe.
 *
 * <pre>{@code
 * try (TensorBoard board = TensorBoard.in(Path.of("logs/first"))) {
 *   aligner.listener(board).build().align();
 * }
 * }</pre>
 */
public final class TensorBoard implements AlignmentListener, AutoCloseable {

  private static final double MILLIS = 1e-3;

  private final InstantSource clock;
  private final OutputStream out;
  private long step;

  private TensorBoard(InstantSource clock, OutputStream out) throws IOException {
    this.clock = clock;
    this.out = out;
    out.write(Events.version(now()));
    out.flush();
  }

  /**
   * Begins a new file.
   *
   * @param folder where; made if it is not there
   */
  public static TensorBoard in(Path folder) throws IOException {
    return in(folder, InstantSource.system());
  }

  static TensorBoard in(Path folder, InstantSource clock) throws IOException {
    Files.createDirectories(folder);
    return new TensorBoard(clock, new BufferedOutputStream(create(folder, clock)));
  }

  /** The names of a folder's files rise with the time. */
  private static OutputStream create(Path folder, InstantSource clock) throws IOException {
    String name = "events.out.tfevents.%010d".formatted(clock.instant().getEpochSecond());
    for (int again = 0; ; again++) {
      try {
        return Files.newOutputStream(
            folder.resolve(name + ".sgpo-" + again),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
      } catch (FileAlreadyExistsException e) {
        if (again == Short.MAX_VALUE) {
          throw e;
        }
      }
    }
  }

  private double now() {
    return clock.millis() * MILLIS;
  }

  @Override
  public void onStep(StepReport report) {
    step++;
    write(Events.step(now(), step, report), /* flush= */ false);
  }

  @Override
  public void onGaps(GapReport gaps) {
    write(Events.gaps(now(), step, gaps), /* flush= */ false);
  }

  @Override
  public void onRound(RoundReport round) {
    write(Events.round(now(), step, round), /* flush= */ true);
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    write(Events.evaluation(now(), evaluation), /* flush= */ true);
  }

  @Override
  public void onResume(CheckpointReport checkpoint) {
    step = checkpoint.step();
    write(Events.restart(now(), step + 1), /* flush= */ true);
  }

  @Override
  public void onCheckpoint(CheckpointReport checkpoint) {
    write(new byte[0], /* flush= */ true);
  }

  @Override
  public void onEnd(Alignment alignment) {
    write(new byte[0], /* flush= */ true);
  }

  private void write(byte[] record, boolean flush) {
    try {
      out.write(record);
      if (flush) {
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
