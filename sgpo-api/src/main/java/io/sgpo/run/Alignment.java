package io.sgpo.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of a run; the trained weights are in the policy it was given.
 *
 * @param engine the engine's name
 * @param rounds a report per round that was completed, the warm start first where there was one
 * @param ending how the run ended
 * @param used what it used, including what it had used before it was resumed
 * @param evaluations the held-out measures in the order they were taken, none without a measure
 */
public record Alignment(
    String engine,
    List<RoundReport> rounds,
    Ending ending,
    Usage used,
    List<EvaluationReport> evaluations) {
  public Alignment {
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(ending, "ending");
    Objects.requireNonNull(used, "used");
    rounds = List.copyOf(rounds);
    evaluations = List.copyOf(evaluations);
  }

  /** The result of a finished run of an engine that does not count what it uses. */
  public Alignment(String engine, List<RoundReport> rounds) {
    this(engine, rounds, Ending.FINISHED, Usage.NONE, List.of());
  }

  /** Whether all rounds and steps were done. */
  public boolean finished() {
    return ending == Ending.FINISHED;
  }

  /** The best of the held-out measures, the first of equals, if there is one. */
  public Optional<EvaluationReport> best() {
    return evaluations.stream().filter(EvaluationReport::best).reduce((earlier, later) -> later);
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
