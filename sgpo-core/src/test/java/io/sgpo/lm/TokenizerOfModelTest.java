package io.sgpo.lm;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Conversation;
import io.sgpo.policy.Sampling;
import io.sgpo.testing.Refusals;
import io.sgpo.text.TestTokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers whose ids lie beyond the embedding of the model. */
class TokenizerOfModelTest {

  private static final int IM_START = 357;
  private static final int IM_END = 358;

  private final Path folder;

  TokenizerOfModelTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private CausalLm model(int vocabulary, int end) throws IOException {
    TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(end));
    return CausalLm.create(
        ModelConfig.llama(vocabulary, 8, 8, 1, 1, 1), folder, 1, GoldenModel.OPTIONS);
  }

  @Test
  void anEndBeyondTheEmbeddingIsRefusedByTheFolder() {
    Refusals.assertNames(
        CheckpointException.class,
        () -> model(IM_END, IM_END).close(),
        folder.toString(),
        "eos_token_id",
        "vocab_size = 358",
        "was 358");
  }

  @Test
  void anAddedTokenBeyondTheEmbeddingIsRefusedByItsRow() throws IOException {
    try (CausalLm model = model(IM_START, 2)) {
      Refusals.assertNames(
          IllegalArgumentException.class,
          () -> model.sample(List.of(Conversation.user("a")), Sampling.of(1, 0)),
          "prompt 0",
          "< 357 (vocab_size)",
          "id 0 was 357");
    }
  }
}
