package io.sgpo.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.policy.StepResult;
import io.sgpo.run.CheckpointReport;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.run.Usage;
import io.sgpo.tensorboard.EventReader.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_500_250));

  @TempDir private Path folder;

  private static Event only(byte[] record) {
    List<Event> events = EventReader.read(record);
    assertEquals(1, events.size());
    return events.get(0);
  }

  private static StepReport step(int step, double loss) {
    return new StepReport(1, step, 2, new StepResult(loss, 0.25, 70));
  }

  /** By hand: key 1|fixed64, 1.0; key 3|bytes, 13 letters. */
  @Test
  void theFirstRecordIsTheVersionByteForByte() {
    byte[] record = Events.version(1.0);
    String data = HexFormat.of().formatHex(Arrays.copyOfRange(record, 12, record.length - 4));
    assertEquals("09000000000000f03f" + "1a0d" + "627261696e2e4576656e743a32", data);
    assertEquals(24, record[0]);
    assertEquals("brain.Event:2", only(record).version());
  }

  @Test
  void aStepHasItsNumbersAtItsPlaceInTheRun() {
    Event event = only(Events.step(12.5, 300, step(1, 0.75)));
    assertEquals(12.5, event.wallTime());
    assertEquals(300, event.step());
    assertEquals(
        Map.of("train/loss", 0.75f, "train/gradient-norm", 0.25f, "train/tokens", 70f),
        event.scalars());
  }

  @Test
  void metricsAreGroupedByTheirFirstWord() {
    MetricValues values =
        new MetricValues(
            Map.of(Metrics.LOSS, 0.5, Metrics.GAP_MEAN, -1.5, Metrics.SATURATION, Double.NaN));
    Event event = only(Events.round(0, 1L << 40, new RoundReport(1, values, List.of())));
    assertEquals(1L << 40, event.step());
    assertEquals(
        Map.of("round/loss", 0.5f, "gap/mean", -1.5f, "follower/saturation", Float.NaN),
        event.scalars());
  }

  @Test
  void anEvaluationHasTheEndsOfItsIntervalIfThereAreAny() {
    EvaluationReport bare = new EvaluationReport("held-out.loss", 3, 0.5, true);
    assertEquals(Map.of("held-out/loss", 0.5f), only(Events.evaluation(0, bare)).scalars());
    EvaluationReport full = new EvaluationReport("held-out.loss", 3, 0.5, 0.25, 0.75, true);
    assertEquals(
        Map.of("held-out/loss", 0.5f, "held-out/loss-lower", 0.25f, "held-out/loss-upper", 0.75f),
        only(Events.evaluation(0, full)).scalars());
    MetricValues others = new MetricValues(Map.of(Metrics.HELD_OUT_PREFERENCE, 0.25));
    EvaluationReport more =
        new EvaluationReport("held-out.win-rate", 3, 0.5, Double.NaN, Double.NaN, true, others);
    assertEquals(
        Map.of("held-out/win-rate", 0.5f, "held-out/preference", 0.25f),
        only(Events.evaluation(0, more)).scalars());
  }

  @Test
  void aHistogramHoldsEveryPairOnce() {
    double[] gaps = {-1, 0, 0, 2, 5};
    GapReport report = GapReport.of(1, GapReport.Moment.AFTER, gaps, List.of());
    double[] histogram = only(Events.gaps(0, 4, report)).histograms().get("gap/after-training");
    assertArrayEquals(new double[] {-1, 5, 5}, Arrays.copyOf(histogram, 3));
    assertEquals(65, histogram.length);
    assertEquals(5, Arrays.stream(histogram, 35, 65).sum(), 1e-12);
    assertEquals(5, histogram[34], 1e-12, "the last limit is the largest gap");
  }

  @Test
  void theHistogramOfEqualGapsIsNotEmpty() {
    GapReport report = GapReport.of(1, GapReport.Moment.BEFORE, new double[] {0, 0}, List.of());
    double[] histogram = only(Events.gaps(0, 0, report)).histograms().get("gap/before-training");
    assertEquals(2, Arrays.stream(histogram, 35, 65).sum(), 1e-12);
  }

  @Test
  void theListenerWritesAFileThatGoesOnWhereARunWasResumed() throws IOException {
    try (TensorBoard board = TensorBoard.in(folder, CLOCK)) {
      board.onStep(step(1, 1));
      board.onStep(step(2, 2));
    }
    try (TensorBoard board = TensorBoard.in(folder, CLOCK)) {
      board.onResume(new CheckpointReport(1, Usage.NONE));
      board.onStep(step(2, 3));
      board.onRound(new RoundReport(1, new MetricValues(Map.of(Metrics.LOSS, 4.0)), List.of()));
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.sorted().toList();
    }
    assertEquals(
        List.of("events.out.tfevents.0000001500.sgpo-0", "events.out.tfevents.0000001500.sgpo-1"),
        files.stream().map(file -> file.getFileName().toString()).toList());
    List<Event> first = EventReader.read(Files.readAllBytes(files.get(0)));
    assertEquals(List.of(0L, 1L, 2L), first.stream().map(Event::step).toList());
    assertEquals(1500.25, first.get(1).wallTime());
    List<Event> second = EventReader.read(Files.readAllBytes(files.get(1)));
    assertEquals(List.of(0L, 2L, 2L, 2L), second.stream().map(Event::step).toList());
    assertTrue(second.get(1).restart());
    assertEquals(3f, second.get(2).scalars().get("train/loss"));
  }
}
