package com.example.assistant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.LogProbs;
import io.sgpo.run.Alignment;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssistantTest {

  private static final List<Exchange> CHOSEN =
      List.of(new Exchange(TokenPrompt.of(1, 2), Response.ofTokens(Tokens.of(3, 4))));

  @TempDir private Path folder;

  @Test
  void theJudgeMovesATable() {
    List<Prompt> prompts = List.of(Conversation.user("rain?"), Conversation.user("sun?"));
    try (TabularPolicy policy =
        TabularPolicy.uniform(prompts, List.of("yes", "yes, I think that it may"))) {
      Aligner.builder()
          .engine("rloo")
          .policy(policy)
          .prompts(prompts)
          .preferenceModel(new Brevity())
          .learningRate(0.05)
          .steps(60)
          .build()
          .align();
      assertTrue(policy.probabilities(prompts.get(0))[0] > 0.7, "was 1/2");
    }
  }

  @Test
  void aModelFolderIsAligned() throws IOException {
    assumeTrue(
        AssistantTest.class.getResource("/jnilib/pytorch.properties") != null,
        "PyTorch's native library is not on the class path");
    Path model = folder.resolve("model");
    List<LogProbs> before;
    try (CausalLm fresh = CausalLm.create(ModelConfig.llama(16, 8, 16, 1, 2, 1), null, 1)) {
      fresh.save(model);
      before = fresh.logProbs(CHOSEN);
    }
    Path seeds =
        Files.writeString(
            folder.resolve("seeds.jsonl"),
            "{\"prompt_ids\":[1,2],\"chosen_ids\":[3,4],\"rejected_ids\":[5,6]}\n");
    Path prompts =
        Files.writeString(
            folder.resolve("prompts.jsonl"),
            "{\"prompt_ids\":[1,7]}\n{\"prompt_ids\":[1,8]}\n{\"prompt_ids\":[1,9]}\n");
    Alignment result = Assistant.align(model, seeds, prompts, folder.resolve("aligned"));
    assertEquals(3, result.lastRound().round());
    try (CausalLm aligned = CausalLm.load(folder.resolve("aligned"))) {
      assertNotEquals(before, aligned.logProbs(CHOSEN));
    }
  }
}
