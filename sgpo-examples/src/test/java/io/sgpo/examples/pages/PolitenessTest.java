package io.sgpo.examples.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.Metrics;
import io.sgpo.tabular.TabularPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

// begin: junit
class PolitenessTest {

  private static final List<Prompt> PROMPTS =
      List.of(Conversation.user("rain?"), Conversation.user("sun?"), Conversation.user("snow?"));
  private static final List<String> ANSWERS = List.of("yes, gladly", "yes", "no");

  /** One labelled prompt out of three: the others are annotated by the policy itself. */
  @Test
  void ssapoPrefersTheLabelledAnswer() {
    try (TabularPolicy policy = TabularPolicy.uniform(PROMPTS, ANSWERS)) {
      Alignment result =
          Aligner.builder()
              .policy(policy)
              .seedPreferences(List.of(PreferencePair.of(PROMPTS.get(0), "yes, gladly", "no")))
              .prompts(PROMPTS)
              .learningRate(0.1)
              .warmStartSteps(20)
              .stepsPerRound(10)
              .rounds(2)
              .seed(1)
              .build()
              .align();
      assertTrue(policy.probabilities(PROMPTS.get(0))[0] > 0.5);
      assertEquals(3, result.rounds().size(), "the warm start and two rounds");
      assertTrue(result.lastRound().metrics().get(Metrics.LOSS).orElseThrow() < Math.log(2));
    }
  }

  /** The follower's prompts are rows of their own. */
  @Test
  void theFollowerLearnsToImproveAnAnswer() {
    PreferenceModel polite =
        PreferenceModel.of(
            c -> 0.5 + 0.25 * (polite(c.first().text()) - polite(c.second().text())));
    try (TabularPolicy start = TabularPolicy.uniform(PROMPTS, ANSWERS);
        TabularPolicy policy = start.withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      Aligner.builder()
          .engine("slhf")
          .policy(policy)
          .prompts(PROMPTS)
          .preferenceModel(polite)
          .leaderKl(1) // the leader goes on giving all answers, so that all are improved
          .learningRate(0.05)
          .steps(300)
          .build()
          .align();
      Prompt improve = PROMPTS.get(0).followUp("no", Refiner.IMPROVE_INSTRUCTION);
      assertTrue(policy.probabilities(improve)[0] > 0.5, "was 1/3");
    }
  }

  private static int polite(String answer) {
    return answer.endsWith("gladly") ? 2 : answer.equals("yes") ? 1 : 0;
  }

  /** What cannot work is refused before anything is trained. */
  @Test
  void anOptionOfAnotherEngineIsRefused() {
    try (TabularPolicy policy = TabularPolicy.uniform(PROMPTS, ANSWERS)) {
      Aligner.Builder builder = Aligner.builder().engine("dpo").policy(policy).epsilon(0.01);
      assertThrows(IllegalStateException.class, builder::build);
    }
  }
}
// end
