package io.sgpo.examples.cli;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Budget;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Measure;
import io.sgpo.text.Renderer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a run is stopped, stored, gone on with and measured. */
final class RunOptions {

  private static final double NANOS_PER_MINUTE = 60e9;

  @Option(
      names = "--resume",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "go on with the run that --output holds; begin it if it holds none")
  private boolean resume;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "write a checkpoint after N training steps; every five minutes in any case")
  private @Nullable Long checkpointEvery;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "stop after N training steps of the whole run, to be resumed")
  private @Nullable Long maxSteps;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "stop once N response tokens were sampled or trained on")
  private @Nullable Long maxTokens;

  @Option(
      names = "--max-judge-calls",
      paramLabel = "N",
      description = "stop once the judge was asked for N comparisons")
  private @Nullable Long maxJudgeCalls;

  @Option(
      names = "--max-minutes",
      paramLabel = "X",
      description = "stop after X minutes, counted anew when the run is resumed")
  private @Nullable Double maxMinutes;

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      description =
          "labelled pairs that are not trained on: their loss is measured at the start and after"
              + " every round, and the model is saved where it was lowest")
  private @Nullable Path heldOut;

  @Option(
      names = "--held-out-prompts",
      paramLabel = "FILE",
      description =
          "prompts that are not trained on, in the field of --prompt-field: --judge compares the"
              + " answers to them with those of the model at the start, then and after every round,"
              + " and the model is saved where its win rate was highest")
  private @Nullable Path heldOutPrompts;

  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      description = "measure what is held out after every N steps, not after rounds")
  private @Nullable Integer evaluateEvery;

  @Option(
      names = "--early-stop-patience",
      paramLabel = "N",
      description = "stop once what is held out was N times no better than before")
  private @Nullable Integer patience;

  boolean resume() {
    return resume;
  }

  /** Whether the judge measures the win rate. */
  boolean measuresWins() {
    return heldOutPrompts != null;
  }

  /**
   * Sets what was given, but for what is held out.
   *
   * @param judged whether there is a judge, which compares held-out answers
   */
  void applyTo(Aligner.Builder builder, boolean judged) {
    builder.resume(resume).budget(budget());
    if (checkpointEvery != null) {
      builder.checkpointEvery(checkpointEvery);
    }
    if (heldOut != null && heldOutPrompts != null) {
      throw new UsageException("--held-out-prompts excludes --held-out: there is one measure");
    }
    if (heldOutPrompts != null && !judged) {
      throw new UsageException("--held-out-prompts needs --judge, which compares the answers");
    }
    if (heldOut == null && heldOutPrompts == null && (evaluateEvery != null || patience != null)) {
      throw new UsageException(
          (patience == null ? "--evaluate-every" : "--early-stop-patience") + " needs --held-out");
    }
  }

  /** The held-out pairs that fit, or null if no file was given. */
  RunData.@Nullable Kept<PreferencePair> heldOutPairs(RunData data, Renderer renderer, int context)
      throws IOException {
    return heldOut == null ? null : data.pairs(heldOut, renderer, context);
  }

  /** The held-out prompts that fit, or null if no file was given. */
  RunData.@Nullable Kept<Prompt> heldOutPrompts(RunData data, Renderer renderer, int room)
      throws IOException {
    return heldOutPrompts == null ? null : data.prompts(heldOutPrompts, renderer, room);
  }

  /** When it is measured, and what follows from it. */
  HeldOut timed(Measure of) {
    HeldOut measure = HeldOut.of(of);
    if (evaluateEvery != null) {
      RunData.positive("--evaluate-every", evaluateEvery);
      measure = measure.withEverySteps(evaluateEvery);
    }
    if (patience != null) {
      measure = measure.withPatience(RunData.positive("--early-stop-patience", patience));
    }
    return measure;
  }

  private Budget budget() {
    Budget budget = Budget.NONE;
    if (maxSteps != null) {
      budget = budget.withSteps(atLeastOne("--max-steps", maxSteps));
    }
    if (maxTokens != null) {
      budget = budget.withTokens(atLeastOne("--max-tokens", maxTokens));
    }
    if (maxJudgeCalls != null) {
      budget = budget.withJudgeCalls(atLeastOne("--max-judge-calls", maxJudgeCalls));
    }
    if (maxMinutes != null) {
      if (!(maxMinutes > 0)) {
        throw new UsageException("--max-minutes must be > 0, but was " + maxMinutes);
      }
      // at least a nanosecond; a double beyond the longest time is that
      long nanos = Math.max(1, (long) (maxMinutes * NANOS_PER_MINUTE));
      budget = budget.withWallTime(Duration.ofNanos(nanos));
    }
    return budget;
  }

  private static long atLeastOne(String option, long value) {
    if (value < 1) {
      throw new UsageException(option + " must be >= 1, but was " + value);
    }
    return value;
  }
}
