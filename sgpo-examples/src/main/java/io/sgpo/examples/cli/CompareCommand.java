package io.sgpo.examples.cli;

import io.sgpo.data.Exchanges;
import io.sgpo.data.Prompts;
import io.sgpo.data.Row;
import io.sgpo.dialogue.Exchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the answers of several policies to the same prompts. */
@Command(
    name = "compare",
    description = {
      "Lets a judge compare the answers of several policies to the same prompts, every pair of"
          + " policies.",
      "",
      "Each file holds one policy's answers: rows of prompt and response, completion or answer, in"
          + " the same order in every file. Prints an object: the preference matrix with intervals,"
          + " raw and as if answers were equally long.",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CompareCommand extends SgpoCommand {

  private static final Pattern EXTENSION = Pattern.compile("\\.jsonl?(\\.gz)?$");

  /** What is told of a prompt. */
  private static final int TOLD = 60;

  @Mixin private JudgeOptions judge;

  @Mixin private LoadOptions loading;

  @Option(
      names = "--prompt-field",
      paramLabel = "NAME",
      defaultValue = Prompts.PROMPT,
      description = "the field of a row's prompt; ${DEFAULT-VALUE}")
  private String promptField;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "2000",
      description = "resamples of the bootstrap; ${DEFAULT-VALUE}")
  private int resamples;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      defaultValue = "0.95",
      description = "coverage of the intervals; ${DEFAULT-VALUE}")
  private double confidence;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "seed of the resamples; ${DEFAULT-VALUE}")
  private long seed;

  @Parameters(
      arity = "2..*",
      paramLabel = "FILE.jsonl",
      description = "a policy's answers; its name is the file's")
  private List<Path> files;

  @Override
  protected void run() throws IOException {
    if (!judge.isGiven()) {
      throw new UsageException("--judge must be given: it says who compares the answers");
    }
    judge.check();
    loading.check();
    if (!judge.loadsModels()) {
      LoadOptions.requireNone(spec(), "--judge " + judge.name() + ", which loads no model");
    }
    requireDomains();
    List<String> names = names();
    List<List<Exchange>> answers = answers();
    try (OpenJudge open = loading.open(judge, loading.options());
        ProgressBars bars = progressBars()) {
      PolicyComparison comparison = new PolicyComparison(names, answers, open);
      comparison.judge((done, total) -> bars.update("judging", done, total));
      bars.end();
      if (comparison.undecided() > 0) {
        warn(
            "%d of %d comparisons were not decided; they count nowhere"
                .formatted(comparison.undecided(), comparison.size()));
      }
      out()
          .object(
              json -> {
                json.writeStringField("judge", judge.name());
                comparison.write(json, resamples, confidence, seed);
              });
    }
  }

  private void requireDomains() {
    if (resamples < 1) {
      throw new UsageException("--resamples must be >= 1, but was " + resamples);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new UsageException("--confidence must be in (0, 1), but was " + confidence);
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Path file : files) {
      String name = EXTENSION.matcher(String.valueOf(file.getFileName())).replaceFirst("");
      if (!seen.add(name)) {
        throw new UsageException(
            "the files must have different names, since these name the policies, but "
                + name
                + " came twice");
      }
      names.add(name);
    }
    return names;
  }

  private List<List<Exchange>> answers() throws IOException {
    List<List<Exchange>> answers = new ArrayList<>();
    List<Row<Exchange>> first = List.of();
    for (Path file : files) {
      List<Row<Exchange>> rows = Exchanges.readRows(file, promptField);
      if (answers.isEmpty()) {
        first = rows;
      }
      requireSamePrompts(first, file, rows);
      answers.add(rows.stream().map(Row::value).toList());
    }
    return answers;
  }

  private void requireSamePrompts(List<Row<Exchange>> first, Path file, List<Row<Exchange>> rows) {
    for (int i = 0; i < Math.min(first.size(), rows.size()); i++) {
      String prompt = rows.get(i).value().prompt().toString();
      if (!rows.get(i).value().prompt().equals(first.get(i).value().prompt())) {
        throw new UsageException(
            "%s: row %d: the prompt must be that of row %d of %s, but was %s"
                .formatted(
                    file,
                    rows.get(i).number(),
                    first.get(i).number(),
                    files.get(0),
                    prompt.length() > TOLD ? prompt.substring(0, TOLD) + "…" : prompt));
      }
    }
    if (rows.size() != first.size()) {
      throw new UsageException(
          "%s: must have as many rows as %s, %d, but has %d"
              .formatted(file, files.get(0), first.size(), rows.size()));
    }
  }
}
