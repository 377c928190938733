package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.Refinement;
import io.sgpo.Refiner;
import io.sgpo.data.Exchanges;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.lm.CausalLm;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.Verdict;
import io.sgpo.train.Verdicts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Improves any model's answers with the follower of SLHF. */
@Command(
    name = "refine",
    description = {
      "Lets a model see answers to prompts, its own or another model's, and improve them step by"
          + " step.",
      "",
      "Reads rows of prompt (text or messages) and answer (text). Prints a row per prompt: row,"
          + " from 0, chain: the given answer, then each refinement, and stop: why the chain ended;"
          + " with --judge also preferences: how probably each refinement is better than what it"
          + " refined.",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class RefineCommand extends SgpoCommand {

  @Mixin private ModelOptions model;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1",
      description = "refinements per answer; ${DEFAULT-VALUE}")
  private int steps;

  @Option(
      names = "--instruction",
      paramLabel = "TEXT",
      defaultValue = Refiner.IMPROVE_INSTRUCTION,
      description = "what the model is asked; \"${DEFAULT-VALUE}\"")
  private String instruction;

  @Mixin private SamplingOptions sampling;

  @Mixin private RefinementOptions rules;

  @Mixin private JudgeOptions judge;

  @Parameters(paramLabel = "FILE.jsonl", description = "the prompts with answers")
  private Path file;

  @Override
  protected void run() throws IOException {
    model.check();
    judge.check();
    rules.check(judge.isGiven());
    List<Exchange> rows = Exchanges.read(file);
    requireText(rows);
    List<Prompt> prompts = rows.stream().map(Exchange::prompt).toList();
    List<String> answers = rows.stream().map(row -> row.response().text()).toList();
    try (CausalLm policy = model.load();
        OpenJudge open = judge.isGiven() ? model.open(judge) : null;
        ProgressBars bars = progressBars()) {
      Refiner plain = Refiner.of(policy).instruction(instruction).sampling(sampling.sampling());
      Refiner refiner = rules.apply(plain, open);
      policy.onResponse(
          bars.responses("refine", (long) rows.size() * Math.max(0, steps) * rules.samples()));
      List<Refinement> refined = Rows.of(file, 0, () -> refiner.refine(prompts, answers, steps));
      List<List<Verdict>> verdicts = verdicts(refined, open, bars);
      bars.end();
      for (int row = 0; row < refined.size(); row++) {
        print(row, refined.get(row), verdicts.get(row));
      }
    }
  }

  private void requireText(List<Exchange> rows) {
    for (int i = 0; i < rows.size(); i++) {
      Exchange row = rows.get(i);
      if (row.prompt() instanceof TokenPrompt || row.response().text().isEmpty()) {
        throw new UsageException(
            file + ": row " + (i + 1) + ": prompt and answer must be text, not ids");
      }
    }
  }

  /** For every row, whether each refinement is preferred to what it refined; none if none ask. */
  private static List<List<Verdict>> verdicts(
      List<Refinement> refined, @Nullable OpenJudge judge, ProgressBars bars) {
    if (judge == null) {
      return refined.stream().map(any -> List.<Verdict>of()).toList();
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (Refinement refinement : refined) {
      List<Response> answers = refinement.answers();
      for (int k = 1; k < answers.size(); k++) {
        comparisons.add(new Comparison(refinement.prompt(), answers.get(k), answers.get(k - 1)));
      }
    }
    List<List<Verdict>> byRow = new ArrayList<>();
    List<Verdict> all = judged(comparisons, judge, bars);
    int start = 0;
    for (Refinement refinement : refined) {
      int end = start + refinement.answers().size() - 1;
      byRow.add(all.subList(start, end));
      start = end;
    }
    return byRow;
  }

  private static List<Verdict> judged(
      List<Comparison> comparisons, OpenJudge judge, ProgressBars bars) {
    List<Verdict> verdicts = new ArrayList<>();
    for (int from = 0; from < comparisons.size(); from += PolicyComparison.BATCH) {
      bars.update("judging", from, comparisons.size());
      int to = Math.min(from + PolicyComparison.BATCH, comparisons.size());
      verdicts.addAll(Verdicts.of(judge, comparisons.subList(from, to)));
      bars.update("judging", to, comparisons.size());
    }
    return verdicts;
  }

  private void print(int row, Refinement refinement, List<Verdict> verdicts) {
    out()
        .object(
            json -> {
              write(json, row, refinement);
              if (judge.isGiven()) {
                preferences(json, verdicts);
              }
            });
  }

  /** Probabilities; null where the judge declined or failed. */
  private static void preferences(JsonGenerator json, List<Verdict> verdicts) throws IOException {
    json.writeArrayFieldStart("preferences");
    for (Verdict verdict : verdicts) {
      if (verdict instanceof Verdict.Preference preference) {
        json.writeNumber(preference.probability());
      } else {
        json.writeNull();
      }
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, int row, Refinement refinement) throws IOException {
    json.writeNumberField("row", row);
    json.writeArrayFieldStart("chain");
    for (Response answer : refinement.answers()) {
      json.writeString(answer.text());
    }
    json.writeEndArray();
    json.writeStringField("stop", Names.of(refinement.stop()));
  }
}
