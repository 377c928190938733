package io.sgpo.examples.cli;

import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Progress;
import io.sgpo.run.StepReport;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress bars on standard error, one at a time: a bar per phase with its rate, the time that
 * remains, of training and drawing the tokens a second, and of training the loss. Not thread-safe.
 *
 * <p>It listens to alignment runs; other loops call {@link #update}.
 */
public final class ProgressBars implements AlignmentListener, AutoCloseable {

  private static final int WIDTH = 96;
  private static final int UPDATE_MILLIS = 200;

  private static final Set<String> WITHIN_TRAINING = Set.of("follower", "sample", "judge");

  private static final Map<String, String> UNITS =
      Map.of(
          "train",
          "steps",
          "annotate",
          "prompts",
          "score",
          "pairs",
          "judging",
          "comparisons",
          "generate",
          "responses",
          "refine",
          "responses");

  private final boolean shown;
  private final LongSupplier clock;
  private final Supplier<ProgressBarConsumer> consumer;
  private @Nullable ProgressBar bar;
  private String title = "";
  private Rate units;
  private Rate tokens;
  private long tokensDone;
  private double loss = Double.NaN;

  /**
   * @param shown whether there is anything to see; if not, all calls do nothing
   */
  public ProgressBars(boolean shown) {
    this(shown, System::nanoTime, () -> new ConsoleProgressBarConsumer(System.err, WIDTH));
  }

  /**
   * @param clock in nanoseconds
   * @param consumer makes what shows a bar
   */
  ProgressBars(boolean shown, LongSupplier clock, Supplier<ProgressBarConsumer> consumer) {
    this.shown = shown;
    this.clock = clock;
    this.consumer = consumer;
    this.units = new Rate(clock, 0);
    this.tokens = new Rate(clock, 0);
  }

  /** What comes and goes between two steps of a training is within the training's bar. */
  @Override
  public void onProgress(Progress progress) {
    if (WITHIN_TRAINING.contains(progress.phase())
        || (progress.phase().equals("reference") && progress.round() > 0)) {
      return;
    }
    String phase = progress.round() == 0 ? "" : "round " + progress.round() + " ";
    String unit = UNITS.getOrDefault(progress.phase(), "");
    update(phase + progress.phase(), unit, progress.done(), progress.total());
  }

  /** Comes before the progress of the same step. */
  @Override
  public void onStep(StepReport step) {
    addTokens(step.result().tokens());
    loss = step.result().loss();
  }

  private void addTokens(long more) {
    tokensDone += more;
    tokens.at(tokensDone);
  }

  /**
   * Opens the bar of this title; what is returned moves it by a response, given its tokens.
   *
   * @param total responses, at most
   */
  public IntConsumer responses(String newTitle, long total) {
    long[] done = {0};
    update(newTitle, 0, total);
    return drawn -> {
      addTokens(drawn);
      done[0]++;
      update(newTitle, done[0], total);
    };
  }

  /** Moves the bar of this title, and opens it if another one was open. */
  public void update(String newTitle, long done, long total) {
    update(newTitle, UNITS.getOrDefault(newTitle, ""), done, total);
  }

  private void update(String newTitle, String unit, long done, long total) {
    if (!shown) {
      return;
    }
    if (bar == null || !title.equals(newTitle)) {
      end();
      title = newTitle;
      bar = open(newTitle, total);
      units = new Rate(clock, done); // when the first of them began was not told
      tokens = new Rate(clock, tokensDone);
    }
    units.at(done);
    bar.maxHint(total);
    bar.setExtraMessage(message(unit, total));
    bar.stepTo(done);
  }

  private String message(String unit, long total) {
    StringBuilder message = new StringBuilder(" ");
    String remaining = units.remaining(total);
    append(message, remaining.isEmpty() ? "" : remaining + " left");
    append(message, units.text(unit.isEmpty() ? "units" : unit));
    append(message, tokens.text("tokens"));
    append(message, Double.isNaN(loss) ? "" : String.format(Locale.ROOT, "loss %.4g", loss));
    return message.toString();
  }

  private static void append(StringBuilder message, String part) {
    if (!part.isEmpty()) {
      message.append(message.length() > 1 ? ", " : "").append(part);
    }
  }

  private ProgressBar open(String newTitle, long total) {
    return new ProgressBarBuilder()
        .setTaskName(newTitle)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .hideEta()
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(consumer.get())
        .build();
  }

  /** Ends the bar that is open, if any; what a training said of itself is forgotten. */
  public void end() {
    if (bar != null) {
      bar.close();
      bar = null;
      loss = Double.NaN;
    }
  }

  @Override
  public void close() {
    end();
  }
}
