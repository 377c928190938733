package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.data.Prompts;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.lm.CausalLm;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws responses of a language model. */
@Command(
    name = "generate",
    description = {
      "Draws responses to prompts.",
      "",
      "Reads rows of prompt_ids, or of prompt: text to continue, or messages that the chat template"
          + " renders. Prints a row per sample: row, sample, ids, text, logProb (at the temperature"
          + " of the draw) and finish (stop or length); row and sample count from 0. The draws"
          + " depend on the seed, the row and the sample only.",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class GenerateCommand extends SgpoCommand {

  @Mixin private ModelOptions model;
  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "1",
      description = "responses per prompt; ${DEFAULT-VALUE}")
  private int samples;

  @Option(names = "--ignore-eos", description = "go on past the end of a response to the limit")
  private boolean ignoreEos;

  @Parameters(paramLabel = "FILE.jsonl", description = "the prompts")
  private Path file;

  @Override
  protected void run() throws IOException {
    model.check();
    Sampling how =
        sampling.sampling().withSamplesPerPrompt(samples).withIgnoreEndOfSequence(ignoreEos);
    List<Prompt> prompts = Prompts.read(file);
    try (CausalLm policy = model.load();
        ProgressBars bars = progressBars()) {
      policy.onResponse(bars.responses("generate", (long) prompts.size() * samples));
      List<List<Sample>> drawn = Rows.of(file, 0, () -> policy.sample(prompts, how));
      bars.end();
      for (int row = 0; row < drawn.size(); row++) {
        for (int i = 0; i < samples; i++) {
          print(row, i, drawn.get(row).get(i));
        }
      }
    }
  }

  private void print(int row, int index, Sample sample) {
    out().object(json -> write(json, row, index, sample));
  }

  private static void write(JsonGenerator json, int row, int index, Sample sample)
      throws IOException {
    Response response = sample.exchange().response();
    json.writeNumberField("row", row);
    json.writeNumberField("sample", index);
    JsonOutput.integers(json, "ids", response.tokens().toArray());
    json.writeStringField("text", response.text());
    json.writeNumberField("logProb", sample.logProbs().sum());
    json.writeStringField("finish", Names.of(response.finish()));
  }
}
