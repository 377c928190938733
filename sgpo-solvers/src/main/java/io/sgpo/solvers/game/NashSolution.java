package io.sgpo.solvers.game;

/**
 * A Nash policy, or a regularised one, of the symmetric game in which both players choose at once.
 *
 * @param leader π
 * @param value min_π' f(π, π') = (1 − certificate)/2, at most the game's value ½
 * @param status how the solve ended
 * @param certificate the duality gap max_π' f(π', π) − min_π' f(π, π')
 * @param iterations iterations taken, 0 for the linear program
 * @param gradientEvaluations gradients evaluated or estimated
 * @param preferenceQueries preferences asked for
 */
public record NashSolution(
    Distribution leader,
    double value,
    SolveStatus status,
    double certificate,
    int iterations,
    long gradientEvaluations,
    long preferenceQueries)
    implements GameSolution {

  /** The opponent, who plays π as well, whatever the leader does. */
  @Override
  public ConditionalPolicy follower() {
    return ConditionalPolicy.constant(leader);
  }
}
