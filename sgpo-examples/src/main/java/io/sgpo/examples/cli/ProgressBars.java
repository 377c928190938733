package io.sgpo.examples.cli;

import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Progress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress bars on standard error, one at a time: a bar per phase. Not thread-safe.
 *
 * <p>It listens to alignment runs; other loops call {@link #update}.
 */
public final class ProgressBars implements AlignmentListener, AutoCloseable {

  private static final int WIDTH = 78;
  private static final int UPDATE_MILLIS = 200;

  private final boolean shown;
  private @Nullable ProgressBar bar;
  private String title = "";

  /**
   * @param shown whether there is anything to see; if not, all calls do nothing
   */
  public ProgressBars(boolean shown) {
    this.shown = shown;
  }

  /** A solve of the follower is a moment of the training's bar. */
  @Override
  public void onProgress(Progress progress) {
    if (progress.phase().equals("follower")) {
      return;
    }
    String phase = progress.round() == 0 ? "" : "round " + progress.round() + " ";
    update(phase + progress.phase(), progress.done(), progress.total());
  }

  /** Moves the bar of this title, and opens it if another one was open. */
  public void update(String newTitle, long done, long total) {
    if (!shown) {
      return;
    }
    if (bar == null || !title.equals(newTitle)) {
      end();
      title = newTitle;
      bar = open(newTitle, total);
    }
    bar.maxHint(total);
    bar.stepTo(done);
  }

  private static ProgressBar open(String title, long total) {
    return new ProgressBarBuilder()
        .setTaskName(title)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .showSpeed()
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
        .build();
  }

  /** Ends the bar that is open, if any. */
  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void close() {
    end();
  }
}
