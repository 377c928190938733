package io.sgpo.run;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import java.util.List;
import java.util.Objects;

/**
 * What the players of an on-policy engine answered to a prompt: a few of a round, to be looked at.
 *
 * @param round the round, from 1
 * @param prompt what was asked
 * @param answers what was answered and judged
 */
public record AnswerReport(int round, Prompt prompt, List<Answer> answers) {

  /**
   * An answer.
   *
   * @param player who gave it, such as {@code leader}
   * @param response what was answered
   * @param score its mean preference over those it was compared with, or its reward
   */
  public record Answer(String player, Response response, double score) {
    public Answer {
      Objects.requireNonNull(player, "player");
      Objects.requireNonNull(response, "response");
    }
  }

  public AnswerReport {
    Objects.requireNonNull(prompt, "prompt");
    answers = List.copyOf(answers);
  }

  /** Round and number of answers; never the text of a prompt or a response. */
  @Override
  public String toString() {
    return "round " + round + " with " + answers.size() + " answers";
  }
}
