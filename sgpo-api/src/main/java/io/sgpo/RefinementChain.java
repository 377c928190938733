package io.sgpo;

import io.sgpo.Refinement.Stop;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain while it grows. */
final class RefinementChain {

  private final Prompt prompt;
  private final List<Response> answers = new ArrayList<>();
  private long tokens;
  private double score = Double.NaN;
  private @Nullable Stop stop;

  RefinementChain(Prompt prompt, Response answer) {
    this.prompt = prompt;
    answers.add(answer);
  }

  Prompt prompt() {
    return prompt;
  }

  Response last() {
    return answers.get(answers.size() - 1);
  }

  List<Response> answers() {
    return Collections.unmodifiableList(answers);
  }

  Exchange exchange(Response response) {
    return new Exchange(prompt, response);
  }

  /** Tokens drawn so far, those of answers that were not taken included. */
  long tokens() {
    return tokens;
  }

  void addTokens(long drawn) {
    tokens += drawn;
  }

  /** The last answer's score, where scores are asked for. */
  double score() {
    return score;
  }

  void setScore(double value) {
    score = value;
  }

  void take(Response answer) {
    answers.add(answer);
  }

  boolean isOpen() {
    return stop == null;
  }

  void end(Stop reason) {
    stop = reason;
  }

  Refinement finished() {
    return new Refinement(prompt, answers, stop == null ? Stop.STEPS : stop);
  }
}
