package io.sgpo.onpolicy;

import io.sgpo.policy.LogProbs;
import java.util.List;

/**
 * The moves on one prompt that the judge decided on; what it abstained from or failed at is not
 * here, and a move of which nothing was decided is not either.
 *
 * @param moves the answers, each in at least one contest
 * @param contests the decided contests, over the places of these moves
 * @param preferences for every contest p(first ≻ second | x)
 * @param references for every move log π_ref of its tokens; no tokens where it is not trained on
 */
public record Play(
    List<Move> moves, List<Contest> contests, List<Double> preferences, List<LogProbs> references) {
  public Play {
    moves = List.copyOf(moves);
    contests = List.copyOf(contests);
    preferences = List.copyOf(preferences);
    references = List.copyOf(references);
  }

  /** How many of the moves are the player's and trained on. */
  public int trained(Player player) {
    return (int)
        moves.stream().filter(move -> move.trained() && move.player().equals(player)).count();
  }

  /** The mean preference for a move over those it was compared with. */
  public double meanPreference(int move) {
    double sum = 0;
    int count = 0;
    for (int c = 0; c < contests.size(); c++) {
      Contest contest = contests.get(c);
      if (contest.first() == move) {
        sum += preferences.get(c);
        count++;
      } else if (contest.second() == move) {
        sum += 1 - preferences.get(c);
        count++;
      }
    }
    return sum / count;
  }
}
