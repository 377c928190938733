package io.sgpo.solvers.game;

/**
 * What every game solver answers. Each solver has its own target (Stackelberg equilibrium, Nash
 * policy, regularised Nash policy, RLHF policy); value and certificate refer to that target, so
 * they do not rank solvers of different targets.
 */
public sealed interface GameSolution permits StackelbergSolution, NashSolution, RlhfSolution {

  /** π, the leader's policy. */
  Distribution leader();

  /** ω(·|y); of a simultaneous game the same opponent in every row. */
  ConditionalPolicy follower();

  /** What the leader's policy guarantees: its objective against the worst opponent. */
  double value();

  /** How the solve ended. */
  SolveStatus status();

  /** {@code >=} 0 up to rounding; 0 exactly at the solver's target. */
  double certificate();

  /** Iterations taken; 0 for a closed form. */
  int iterations();

  /** How often a gradient of the whole game was evaluated or estimated. */
  long gradientEvaluations();

  /**
   * How many preferences were asked for: n(n − 1)/2 per gradient of a known or noisy matrix, one
   * per sampled comparison.
   */
  long preferenceQueries();

  /**
   * This solution, if it met its target.
   *
   * @throws IllegalStateException if the status is neither exact nor converged
   */
  default GameSolution orElseThrow() {
    if (status() != SolveStatus.EXACT && status() != SolveStatus.CONVERGED) {
      throw new IllegalStateException(
          "the game was not solved: status "
              + status()
              + " after "
              + iterations()
              + " iterations, certificate "
              + certificate());
    }
    return this;
  }
}
