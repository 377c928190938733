package io.sgpo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.policy.StepResult;
import io.sgpo.run.Progress;
import io.sgpo.run.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import org.junit.jupiter.api.Test;

final class ProgressBarsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> shown = new ArrayList<>();

  private ProgressBars bars(boolean visible) {
    return new ProgressBars(
        visible, nanos::get, () -> new DelegatingProgressBarConsumer(this::show, 200));
  }

  private synchronized void show(String line) {
    shown.add(line);
  }

  private synchronized String last() {
    return shown.get(shown.size() - 1);
  }

  private void step(ProgressBars bars, int step, int steps) {
    bars.onStep(new StepReport(1, step, steps, new StepResult(0.5, 1, 300)));
    bars.onProgress(new Progress("train", 1, step, steps));
  }

  @Test
  void aTrainingTellsItsRateTheTimeThatIsLeftTokensAndLoss() {
    try (ProgressBars bars = bars(true)) {
      for (int step = 1; step <= 5; step++) {
        step(bars, step, 25);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
      }
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(-500));
    }
    String line = last();
    assertTrue(line.contains("round 1 train"), line);
    assertTrue(line.contains("5/25"), line);
    assertTrue(line.contains("2.0 steps/s"), line);
    assertTrue(line.contains("600 tokens/s"), line);
    assertTrue(line.contains("0:10 left"), line);
    assertTrue(line.contains("loss 0.5000"), line);
  }

  @Test
  void aPhaseIsABarOfItsOwnAndSaysNothingOfAnother() {
    try (ProgressBars bars = bars(true)) {
      step(bars, 1, 2);
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      step(bars, 2, 2);
      bars.onProgress(new Progress("annotate", 2, 64, 640));
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
      bars.onProgress(new Progress("annotate", 2, 128, 640));
    }
    String line = last();
    assertTrue(line.contains("round 2 annotate"), line);
    assertTrue(line.contains("16.0 prompts/s"), line);
    assertTrue(line.contains("0:32 left"), line);
    assertFalse(line.contains("loss") || line.contains("tokens"), line);
  }

  @Test
  void whatASamplingStepConsistsOfIsWithinTheTrainingsBar() {
    try (ProgressBars bars = bars(true)) {
      for (int step = 1; step <= 3; step++) {
        for (String phase : List.of("sample", "judge", "reference")) {
          bars.onProgress(new Progress(phase, 1, step, 3));
          nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        step(bars, step, 3);
      }
    }
    assertTrue(last().contains("3/3"), last());
    assertTrue(shown.stream().allMatch(line -> line.contains("round 1 train")), shown::toString);
  }

  @Test
  void drawingTellsResponsesAndTokens() {
    try (ProgressBars bars = bars(true)) {
      IntConsumer heard = bars.responses("generate", 8);
      for (int i = 0; i < 4; i++) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        heard.accept(30);
      }
    }
    String line = last();
    assertTrue(line.contains("generate"), line);
    assertTrue(line.contains("4/8"), line);
    assertTrue(line.contains("1.0 responses/s"), line);
    assertTrue(line.contains("30.0 tokens/s"), line);
    assertTrue(line.contains("0:04 left"), line);
  }

  @Test
  void nothingIsShownWhereThereIsNothingToSee() {
    try (ProgressBars bars = bars(false)) {
      step(bars, 1, 2);
      step(bars, 2, 2);
    }
    assertEquals(List.of(), shown);
  }

  @Test
  void ratesAndTimesAreReadable() {
    Rate rate = new Rate(nanos::get, 10);
    assertEquals("", rate.text("steps"));
    assertEquals("", rate.remaining(100));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(100));
    rate.at(15);
    assertEquals("20.0 s/step", rate.text("steps"));
    assertEquals("1:06:40", rate.remaining(215));
    assertEquals("", rate.remaining(15));
    rate.at(100_010);
    assertEquals("1000 steps/s", rate.text("steps"));
  }
}
