package io.sgpo.examples.quickstart;

import io.sgpo.Refinement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What one trial measured.
 *
 * @param seed the trial's seed
 * @param pairs labelled seed pairs
 * @param flips how many of them are flipped
 * @param start the starting model under the true preference, by answers of their own stream
 * @param contenders the methods by name, in the table's order
 * @param startGame the starting model in both roles, under the cyclic preference
 * @param game SLHF's policy in both roles
 * @param chain refinements of a starting model's answer by SLHF's follower
 * @param seconds what each phase took
 */
record TrialResult(
    long seed,
    int pairs,
    int flips,
    Marks start,
    Map<String, Marks> contenders,
    GameMarks startGame,
    GameMarks game,
    Refinement chain,
    Map<String, Double> seconds) {

  TrialResult {
    contenders = Collections.unmodifiableMap(new LinkedHashMap<>(contenders));
    seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }

  /** The marks of a contender. */
  Marks marks(String contender) {
    Marks marks = contenders.get(contender);
    if (marks == null) {
      throw new IllegalArgumentException(
          "contender must be one of " + contenders.keySet() + ", but was " + contender);
    }
    return marks;
  }

  /** One figure of every trial, in order. */
  static double[] figures(List<TrialResult> trials, ToDoubleFunction<TrialResult> figure) {
    return trials.stream().mapToDouble(figure).toArray();
  }
}
