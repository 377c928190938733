package io.sgpo.examples.cli;

import io.sgpo.data.Preferences;
import io.sgpo.data.ReadOptions;
import io.sgpo.data.Split;
import io.sgpo.preference.PreferencePair;
import io.sgpo.text.Renderer;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The pairs that a reward model is trained on, and those that are held out. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RewardData {

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "preference pairs: JSONL of prompt, chosen, rejected, as TRL has it")
  private Path file;

  @Option(
      names = "--held-out-data",
      paramLabel = "FILE",
      description = "pairs that are not trained on; excludes --held-out")
  private @Nullable Path heldOutFile;

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      description = "share of the prompts of --data that is held out, in [0, 1); 0.1")
  private @Nullable Double heldOut;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "drop pairs whose prompt and response have more tokens; the model's context")
  private @Nullable Integer maxLength;

  @Option(
      names = "--drop-bad-rows",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "drop and count rows that cannot be used; an error unless given")
  private boolean dropBadRows;

  /**
   * What was read.
   *
   * @param data the rows of {@code --data}
   * @param heldOutData those of {@code --held-out-data}, or null
   * @param split the pairs of both
   */
  record Pairs(
      RunData.Kept<PreferencePair> data,
      RunData.@Nullable Kept<PreferencePair> heldOutData,
      Split<PreferencePair> split) {}

  /** Refuses options that do not fit together. */
  void check() {
    if (heldOutFile != null && heldOut != null) {
      throw new UsageException(
          "set either --held-out-data or --held-out, not both: it was " + heldOut);
    }
    if (heldOut != null && !(heldOut >= 0 && heldOut < 1)) {
      throw new UsageException("--held-out must be in [0, 1), but was " + heldOut);
    }
  }

  Pairs read(Renderer renderer, int context, long seed) throws IOException {
    int limit = RunData.positive("--max-length", maxLength == null ? context : maxLength);
    RunData.Kept<PreferencePair> data = kept(file, renderer, limit);
    if (heldOutFile != null) {
      RunData.Kept<PreferencePair> rest = kept(heldOutFile, renderer, limit);
      return new Pairs(data, rest, new Split<>(data.rows(), rest.rows()));
    }
    double share = heldOut == null ? 0.1 : heldOut;
    var split = Split.byPrompt(data.rows(), PreferencePair::prompt, share, seed);
    if (split.train().isEmpty()) {
      throw new UsageException(
          "--held-out must leave pairs to train on, but was " + share + " of " + file);
    }
    return new Pairs(data, null, split);
  }

  private RunData.Kept<PreferencePair> kept(Path from, Renderer renderer, int limit)
      throws IOException {
    var rows = Preferences.read(from, ReadOptions.DEFAULT.withDropBadRows(dropBadRows));
    return RunData.kept(from, rows, limit, pair -> RunData.longest(renderer, pair));
  }
}
