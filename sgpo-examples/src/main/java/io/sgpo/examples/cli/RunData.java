package io.sgpo.examples.cli;

import io.sgpo.data.Preferences;
import io.sgpo.data.Prompts;
import io.sgpo.data.ReadOptions;
import io.sgpo.data.Row;
import io.sgpo.data.Rows;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.preference.PreferencePair;
import io.sgpo.text.Renderer;
import io.sgpo.text.RenderingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The data of a run: what is read, and what of it is short enough for the model. The same rules
 * hold for what is held out. Rows that are too long are dropped, never truncated, and counted; bad
 * rows and duplicates are if asked for.
 */
final class RunData {

  @Option(
      names = "--seed-data",
      paramLabel = "FILE",
      description = "human-labelled pairs: JSONL of prompt, chosen, rejected, as TRL has it")
  private @Nullable Path seedFile;

  @Option(names = "--prompts", paramLabel = "FILE", description = "unlabelled prompts: JSONL")
  private @Nullable Path promptFile;

  @Option(
      names = "--prompt-field",
      paramLabel = "NAME",
      defaultValue = "prompt",
      description = "the field of a prompt in --prompts and --held-out-prompts; prompt")
  private String promptField = "prompt";

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "drop pairs whose prompt and response have more tokens; the model's context")
  private @Nullable Integer maxLength;

  @Option(
      names = "--max-prompt-tokens",
      paramLabel = "N",
      description =
          "drop prompts of more tokens; what leaves room for the new tokens in the model's context")
  private @Nullable Integer maxPromptTokens;

  @Option(
      names = "--drop-bad-rows",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "drop and count rows that cannot be used; an error unless given")
  private boolean dropBadRows;

  @Option(
      names = "--drop-duplicates",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "drop and count rows of the same content as an earlier one")
  private boolean dropDuplicates;

  /**
   * Rows of a file that were kept.
   *
   * @param file where they come from
   * @param rows those that are used, in order
   * @param droppedBy how many were not, by what they broke
   * @param limit the most tokens a row may have
   * @param firstTooLong the number of the first row that has more, 0 if none has
   */
  record Kept<T>(
      Path file, List<T> rows, Map<String, Long> droppedBy, int limit, long firstTooLong) {

    long dropped() {
      return droppedBy.values().stream().mapToLong(Long::longValue).sum();
    }

    long read() {
      return rows.size() + dropped();
    }

    /** What is told of rows that were dropped. */
    String summary() {
      String rules =
          droppedBy.entrySet().stream()
              .map(rule -> rule.getValue() + " (" + rule.getKey() + ")")
              .collect(Collectors.joining(", "));
      String where = firstTooLong == 0 ? "" : "; row " + firstTooLong + " is the first too long";
      return "%s: dropped %d of %d rows: %s%s".formatted(file, dropped(), read(), rules, where);
    }

    /** What the manifest and the summary tell. */
    Map<String, Object> counts() {
      Map<String, Object> counts = new LinkedHashMap<>();
      counts.put("read", read());
      counts.put("dropped", dropped());
      counts.put("droppedBy", droppedBy);
      counts.put("maxTokens", limit);
      return counts;
    }

    /** The counts with the file and its digest. */
    Map<String, Object> source() throws IOException {
      Map<String, Object> source = new LinkedHashMap<>();
      source.put("file", file.toString());
      source.put("sha256", Manifest.digest(file));
      source.putAll(counts());
      return source;
    }
  }

  /** The seed pairs that fit, or null if no file was given. */
  @Nullable Kept<PreferencePair> seeds(Renderer renderer, int context) throws IOException {
    return seedFile == null ? null : pairs(seedFile, renderer, context);
  }

  /** The pairs of a file that fit. */
  Kept<PreferencePair> pairs(Path file, Renderer renderer, int context) throws IOException {
    int limit = positive("--max-length", maxLength == null ? context : maxLength);
    Rows<PreferencePair> rows = Preferences.read(file, options(Prompts.PROMPT));
    return kept(file, rows, limit, pair -> longest(renderer, pair));
  }

  /**
   * The prompts that fit, or null if no file was given.
   *
   * @param room the most tokens that a prompt may have unless the user sets another limit
   */
  @Nullable Kept<Prompt> prompts(Renderer renderer, int room) throws IOException {
    return promptFile == null ? null : prompts(promptFile, renderer, room);
  }

  /** The prompts of a file that fit. */
  Kept<Prompt> prompts(Path file, Renderer renderer, int room) throws IOException {
    int limit = positive("--max-prompt-tokens", maxPromptTokens == null ? room : maxPromptTokens);
    Rows<Prompt> rows = Prompts.read(file, options(promptField));
    return kept(file, rows, limit, prompt -> renderer.prompt(prompt).size());
  }

  private ReadOptions options(String field) {
    return new ReadOptions(field, dropBadRows, dropDuplicates);
  }

  static int longest(Renderer renderer, PreferencePair pair) {
    return Math.max(
        length(renderer, pair.chosenExchange()), length(renderer, pair.rejectedExchange()));
  }

  private static int length(Renderer renderer, Exchange exchange) {
    return renderer.exchange(exchange).all().size();
  }

  static <T> Kept<T> kept(Path file, Rows<T> read, int limit, ToIntFunction<T> tokens) {
    List<T> kept = new ArrayList<>();
    Map<String, Long> dropped = new LinkedHashMap<>(read.dropped().rules());
    long firstTooLong = 0;
    for (Row<T> row : read.rows()) {
      try {
        if (tokens.applyAsInt(row.value()) <= limit) {
          kept.add(row.value());
        } else {
          firstTooLong = firstTooLong == 0 ? row.number() : firstTooLong;
          dropped.merge("must have at most " + limit + " tokens", 1L, Long::sum);
        }
      } catch (RenderingException e) {
        throw new UsageException(file + ": row " + row.number() + ": " + e.getMessage(), e);
      }
    }
    if (kept.isEmpty()) {
      throw new UsageException(
          file + ": none of its " + read.rows().size() + " rows has at most " + limit + " tokens");
    }
    return new Kept<>(file, kept, dropped, limit, firstTooLong);
  }

  static int positive(String option, int value) {
    if (value < 1) {
      throw new UsageException(option + " must be >= 1, but was " + value);
    }
    return value;
  }
}
