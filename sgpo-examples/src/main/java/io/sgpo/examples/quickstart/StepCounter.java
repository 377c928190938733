package io.sgpo.examples.quickstart;

import io.sgpo.examples.cli.ProgressBars;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.StepReport;

/** One bar over the training steps of all trials. Thread-safe. */
final class StepCounter implements AlignmentListener {

  private final ProgressBars bars;
  private final long total;
  private long done;

  StepCounter(ProgressBars bars, long total) {
    this.bars = bars;
    this.total = total;
  }

  @Override
  public synchronized void onStep(StepReport step) {
    done++;
    bars.update("training steps", done, total);
  }
}
