package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.data.Exchanges;
import io.sgpo.dialogue.Exchange;
import io.sgpo.lm.CausalLm;
import io.sgpo.policy.LogProbs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Log-probabilities of given responses. */
@Command(
    name = "score",
    description = {
      "Scores responses: the log-probability (nats) of each token given all before it.",
      "",
      "Reads rows of prompt_ids and response_ids, or of prompt and response (or completion): text,"
          + " or messages that the chat template renders. A response of text is scored with the end"
          + " of sequence that closes it. Prints a row per exchange, in input order: logProb (their"
          + " sum), tokenLogProbs and tokens (how many).",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ScoreCommand extends SgpoCommand {

  /** Rows that are scored between two updates of the progress bar. */
  private static final int CHUNK = 128;

  @Mixin private ModelOptions model;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1",
      description = "score softmax(logits / T); ${DEFAULT-VALUE}")
  private double temperature;

  @Parameters(paramLabel = "FILE.jsonl", description = "the exchanges")
  private Path file;

  @Override
  protected void run() throws IOException {
    model.check();
    List<Exchange> exchanges = Exchanges.read(file);
    try (CausalLm policy = model.load();
        ProgressBars bars = progressBars()) {
      for (int from = 0; from < exchanges.size(); from += CHUNK) {
        bars.update("score", from, exchanges.size());
        score(policy, exchanges, from);
      }
    }
  }

  private void score(CausalLm policy, List<Exchange> exchanges, int from) {
    List<Exchange> chunk = exchanges.subList(from, Math.min(from + CHUNK, exchanges.size()));
    for (LogProbs scored : Rows.of(file, from, () -> policy.logProbs(chunk, temperature))) {
      out().object(json -> write(json, scored));
    }
  }

  private static void write(JsonGenerator json, LogProbs scored) throws IOException {
    json.writeNumberField("logProb", scored.sum());
    JsonOutput.doubles(json, "tokenLogProbs", scored.toArray());
    json.writeNumberField("tokens", scored.size());
  }
}
