package io.sgpo.run;

import java.util.List;
import java.util.Objects;

/**
 * The result of a finished run; the trained weights are in the policy it was given.
 *
 * @param engine the engine's name
 * @param rounds a report per round, the warm start first where there was one
 */
public record Alignment(String engine, List<RoundReport> rounds) {
  public Alignment {
    Objects.requireNonNull(engine, "engine");
    rounds = List.copyOf(rounds);
  }

  /** All pairs annotated during the run, by round. */
  public List<AnnotatedPair> annotations() {
    return rounds.stream().flatMap(round -> round.annotations().stream()).toList();
  }

  /**
   * The last round's report.
   *
   * @throws IllegalStateException if the run had no round
   */
  public RoundReport lastRound() {
    if (rounds.isEmpty()) {
      throw new IllegalStateException("the run had no round");
    }
    return rounds.get(rounds.size() - 1);
  }
}
