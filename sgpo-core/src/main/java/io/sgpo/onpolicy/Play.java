package io.sgpo.onpolicy;

import io.sgpo.policy.LogProbs;
import io.sgpo.run.AnswerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The moves on one prompt that the judge decided on; what it abstained from or failed at is not
 * here, and a move of which nothing was decided is not either.
 *
 * @param moves the answers, each in at least one contest or with a reward
 * @param contests the decided contests, over the places of these moves
 * @param preferences for every contest p(first ≻ second | x)
 * @param rewards for every move its reward, or nothing where preferences are asked for
 * @param references for every move log π_ref of its tokens; no tokens where it is not trained on
 */
public record Play(
    List<Move> moves,
    List<Contest> contests,
    List<Double> preferences,
    List<Double> rewards,
    List<LogProbs> references) {
  public Play {
    moves = List.copyOf(moves);
    contests = List.copyOf(contests);
    preferences = List.copyOf(preferences);
    rewards = List.copyOf(rewards);
    references = List.copyOf(references);
  }

  /** The answers as they are told of; the first of them answers the prompt itself. */
  AnswerReport report(int round) {
    List<AnswerReport.Answer> answers = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      double score = rewards.isEmpty() ? meanPreference(i) : rewards.get(i);
      Move move = moves.get(i);
      answers.add(new AnswerReport.Answer(move.player().name(), move.response(), score));
    }
    return new AnswerReport(round, moves.get(0).sample().exchange().prompt(), answers);
  }

  Play withReferences(List<LogProbs> values) {
    return new Play(moves, contests, preferences, rewards, values);
  }

  /** The places of a player's moves that are trained on. */
  public List<Integer> trained(Player player) {
    return IntStream.range(0, moves.size())
        .filter(i -> moves.get(i).trained() && moves.get(i).player().equals(player))
        .boxed()
        .toList();
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

  /** The places of the moves that a move was compared with. */
  public List<Integer> opponents(int move) {
    return contests.stream()
        .filter(contest -> contest.first() == move || contest.second() == move)
        .map(contest -> contest.first() == move ? contest.second() : contest.first())
        .toList();
  }
}
