package io.sgpo.examples.pages;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.preference.PreferencePair;
import java.nio.file.Path;
import java.util.List;

/** The code of docs/own-policy.md beside {@link BigramPolicy}. */
final class OwnPolicyPage {

  private OwnPolicyPage() {}

  /** Learns to speak, then to prefer. */
  static String use(Path folder) {
    // begin: use
    List<String> words = List.of("ask:", "yes", "no", "maybe", "please", "thanks", "later");
    try (BigramPolicy policy = new BigramPolicy(words)) {
      Prompt ask = new TextPrompt("ask:");
      List<TrainingGroup> spoken =
          List.of("yes please", "no thanks", "maybe later").stream()
              .map(text -> new Exchange(ask, Response.of(text)))
              .map(exchange -> TrainingGroup.of(TrainingItem.of(exchange)))
              .toList();
      for (int step = 0; step < 60; step++) { // supervised fine-tuning
        policy.step(spoken, Objective.supervised(), StepOptions.of(0.1, spoken.size()));
      }
      Aligner.builder()
          .policy(policy)
          .seedPreferences(List.of(PreferencePair.of(ask, "no thanks", "yes please")))
          .prompts(List.of(ask, new TextPrompt("once more ask:"), new TextPrompt("and ask:")))
          .maxNewTokens(4)
          .learningRate(0.05)
          .runDirectory(folder.resolve("run")) // needs captureState and restoreState
          .build()
          .align();
      return policy
          .sample(List.of(ask), Sampling.greedy(4))
          .get(0)
          .get(0)
          .exchange()
          .response()
          .text();
    }
    // end
  }
}
