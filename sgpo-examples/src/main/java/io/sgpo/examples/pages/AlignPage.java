package io.sgpo.examples.pages;

import io.sgpo.Aligner;
import io.sgpo.data.Preferences;
import io.sgpo.data.Prompts;
import io.sgpo.dialogue.Conversation;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.run.Alignment;
import io.sgpo.run.Budget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of docs/align.md. */
final class AlignPage {

  private static final Logger log = LoggerFactory.getLogger(AlignPage.class);

  private AlignPage() {}

  /** Ten lines. */
  static void align(Path modelFolder, Path seedFile, Path promptFile, Path output)
      throws IOException {
    // begin: align
    try (CausalLm policy = CausalLm.load(modelFolder)) {
      Aligner.builder()
          .policy(policy)
          .seedPreferences(Preferences.read(seedFile))
          .prompts(Prompts.read(promptFile))
          .build()
          .align();
      policy.save(output);
    }
    // end
  }

  /** What a real run sets. */
  static Alignment run(Path modelFolder, Path seedFile, Path promptFile, Path folder)
      throws IOException {
    // begin: run
    CausalLmOptions options = CausalLmOptions.DEFAULT.withLora(LoraOptions.rank(16).allLinear());
    try (CausalLm policy = CausalLm.load(modelFolder, options)) {
      Alignment result =
          Aligner.builder()
              .policy(policy)
              .seedPreferences(Preferences.read(seedFile))
              .prompts(Prompts.read(promptFile))
              .learningRate(1e-5)
              .maxNewTokens(128)
              .runDirectory(folder.resolve("run")) // manifest, metrics, annotations, checkpoints
              .resume(true) // go on where a killed run stopped
              .budget(Budget.ofWallTime(Duration.ofHours(8)))
              .onRound(round -> log.info("{}", round))
              .build()
              .align();
      policy.save(folder.resolve("adapter")); // the adapter alone, as PEFT has it
      return result;
    }
    // end
  }

  /** An answer. */
  static String answer(Path output, String question) throws IOException {
    // begin: answer
    try (CausalLm aligned = CausalLm.load(output)) {
      Conversation prompt = Conversation.user(question);
      Sample sample = aligned.sample(List.of(prompt), Sampling.greedy(64)).get(0).get(0);
      return sample.exchange().response().text();
    }
    // end
  }
}
