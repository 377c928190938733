package io.sgpo.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.judge.BothOrders.Contradiction;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.Verdict;
import io.sgpo.testing.Refusals;
import io.sgpo.text.TestTokenizers;
import io.sgpo.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pairwise judge of a model folder. */
class PairwiseJudgeTest {

  private static final CausalLmOptions OPTIONS = CausalLmOptions.DEFAULT.withThreads(1);

  @TempDir private Path folder;

  private PairwiseJudge judge(ModelConfig config, boolean tokenizer) throws IOException {
    if (tokenizer) {
      TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(358));
    }
    try (CausalLm model = CausalLm.create(config, tokenizer ? folder : null, 5, OPTIONS)) {
      model.save(folder.resolve("model"));
    }
    return PairwiseJudge.load(
        folder.resolve("model"), OPTIONS, JudgeTemplate.DEFAULT, Contradiction.AVERAGE);
  }

  private static Comparison comparison(String first, String second) {
    return new Comparison(Conversation.user("x"), Response.of(first), Response.of(second));
  }

  @Test
  void aFolderIsAJudge() throws IOException {
    try (PairwiseJudge judge = judge(ModelConfig.llama(400, 16, 32, 1, 2, 1), true)) {
      Comparison drawn =
          new Comparison(
              Conversation.user("x"),
              new Response("yes", Tokens.of(999), Response.Finish.STOP),
              Response.of("no"));
      List<Verdict> verdicts = judge.compare(List.of(comparison("yes", "no"), drawn));
      double p = ((Verdict.Preference) verdicts.get(0)).probability();
      assertTrue(p > 0 && p < 1 && p != 0.5);
      assertEquals(p, ((Verdict.Preference) verdicts.get(1)).probability(), 1e-6);
    }
  }

  @Test
  void whatIsLongerThanTheContextFailsAlone() throws IOException {
    ModelConfig config = ModelConfig.llama(400, 16, 32, 1, 2, 1).withMaxPositions(700);
    try (PairwiseJudge judge = judge(config, true)) {
      List<Verdict> verdicts =
          judge.compare(List.of(comparison("yes", "y".repeat(400)), comparison("yes", "no")));
      String reason = assertInstanceOf(Verdict.Failure.class, verdicts.get(0)).reason();
      assertTrue(reason.startsWith("cannot be asked: must have at most 700 tokens"), reason);
      assertInstanceOf(Verdict.Preference.class, verdicts.get(1));
    }
  }

  @Test
  void aModelWithoutATokenizerIsNone() {
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> judge(ModelConfig.llama(40, 16, 32, 1, 2, 1), false),
        "model",
        "tokenizer");
  }

  @Test
  void labelsOfATokenizer() throws IOException {
    TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(358));
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      LabelTokens labels = LabelTokens.of(tokenizer);
      assertTrue(labels.first().contains(tokenizer.encode("A")));
      assertTrue(labels.first().contains(tokenizer.encode(" A")));
      assertTrue(labels.second().contains(tokenizer.encode(" b")));
      assertEquals(labels.first().size(), labels.second().size());
    }
  }
}
