package io.sgpo.onpolicy;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Metrics;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From draws to plays: all contests are judged at once, then all trained moves are scored. */
final class Judging {

  private static final LogProbs UNSCORED = LogProbs.of();

  private Judging() {}

  /** The plays of which something is trained on. */
  static List<Play> judge(
      List<Draw> draws,
      PreferenceModel judge,
      FrozenPolicy reference,
      double temperature,
      Averages averages) {
    List<Comparison> comparisons = new ArrayList<>();
    for (Draw draw : draws) {
      for (Contest contest : draw.contests()) {
        comparisons.add(
            new Comparison(
                draw.prompt(),
                draw.moves().get(contest.first()).response(),
                draw.moves().get(contest.second()).response()));
      }
    }
    List<Verdict> verdicts = Verdicts.of(judge, comparisons);
    count(verdicts, averages);
    List<Play> unscored = new ArrayList<>();
    int start = 0;
    for (Draw draw : draws) {
      int end = start + draw.contests().size();
      Play play = decided(draw, verdicts.subList(start, end));
      if (play.moves().stream().anyMatch(Move::trained)) {
        unscored.add(play);
      }
      start = end;
    }
    return scored(unscored, reference, temperature);
  }

  private static void count(List<Verdict> verdicts, Averages averages) {
    for (Verdict verdict : verdicts) {
      boolean tie = verdict instanceof Verdict.Preference p && p.probability() == 0.5;
      averages.count(Metrics.TIES, tie ? 1 : 0);
      averages.count(Metrics.ABSTENTIONS, verdict instanceof Verdict.Abstention ? 1 : 0);
      averages.count(Metrics.FAILURES, verdict instanceof Verdict.Failure ? 1 : 0);
    }
  }

  /** Without the contests that were not decided, and the moves that are in none that was. */
  private static Play decided(Draw draw, List<Verdict> verdicts) {
    int[] places = new int[draw.moves().size()];
    Arrays.fill(places, -1);
    for (int c = 0; c < verdicts.size(); c++) {
      if (verdicts.get(c) instanceof Verdict.Preference) {
        places[draw.contests().get(c).first()] = 0;
        places[draw.contests().get(c).second()] = 0;
      }
    }
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      if (places[i] == 0) {
        places[i] = moves.size();
        moves.add(draw.moves().get(i));
      }
    }
    List<Contest> contests = new ArrayList<>();
    List<Double> preferences = new ArrayList<>();
    for (int c = 0; c < verdicts.size(); c++) {
      if (verdicts.get(c) instanceof Verdict.Preference preference) {
        Contest contest = draw.contests().get(c);
        contests.add(new Contest(places[contest.first()], places[contest.second()]));
        preferences.add(preference.probability());
      }
    }
    return new Play(moves, contests, preferences, List.of());
  }

  private static List<Play> scored(List<Play> plays, FrozenPolicy reference, double temperature) {
    List<Exchange> exchanges =
        plays.stream()
            .flatMap(play -> play.moves().stream())
            .filter(Move::trained)
            .map(Move::referenceExchange)
            .toList();
    List<LogProbs> scores =
        exchanges.isEmpty() ? List.of() : reference.logProbs(exchanges, temperature);
    List<Play> scored = new ArrayList<>(plays.size());
    int next = 0;
    for (Play play : plays) {
      List<LogProbs> ofPlay = new ArrayList<>();
      for (Move move : play.moves()) {
        ofPlay.add(move.trained() ? scores.get(next++) : UNSCORED);
      }
      scored.add(new Play(play.moves(), play.contests(), play.preferences(), ofPlay));
    }
    return scored;
  }
}
