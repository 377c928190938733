package io.sgpo.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Asks a function of many questions that refuses them all where it cannot read one. */
final class Bisection {

  /** How models name the place of a row in what they were given. */
  private static final Pattern PLACE = Pattern.compile("^(exchange|prompt) \\d+: ");

  private Bisection() {}

  /**
   * An answer per question: where a batch is refused its halves are asked, down to the questions
   * that are at fault.
   *
   * @param ask throws {@link IllegalArgumentException} if it cannot read a question
   * @param refused the answer to such a question, from the reason
   */
  static <Q, A> List<A> answers(
      List<Q> questions, Function<List<Q>, List<A>> ask, Function<String, A> refused) {
    if (questions.isEmpty()) {
      return List.of();
    }
    try {
      List<A> answers = ask.apply(questions);
      if (answers.size() != questions.size()) {
        throw new IllegalStateException(
            "every question must be answered: there were %d, but the answers were %d"
                .formatted(questions.size(), answers.size()));
      }
      return answers;
    } catch (IllegalArgumentException e) {
      if (questions.size() == 1) {
        String reason = PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        return List.of(refused.apply(reason));
      }
    }
    int half = questions.size() / 2;
    List<A> answers = new ArrayList<>(answers(questions.subList(0, half), ask, refused));
    answers.addAll(answers(questions.subList(half, questions.size()), ask, refused));
    return answers;
  }
}
