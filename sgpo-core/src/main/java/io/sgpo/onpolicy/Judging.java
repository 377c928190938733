package io.sgpo.onpolicy;

import io.sgpo.dialogue.Exchange;
import io.sgpo.judge.RewardFunction;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.PolicyRole;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Metrics;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** From draws to plays: all contests are judged at once, then all trained moves are scored. */
final class Judging {

  private static final LogProbs UNSCORED = LogProbs.of();

  private Judging() {}

  /**
   * The plays of which something is trained on, by preferences.
   *
   * @param warnings hears of a judge that answers nothing, and of the first failures and
   *     abstentions between two reports
   */
  static List<Play> compare(
      List<Draw> draws, PreferenceModel judge, Averages averages, Consumer<String> warnings) {
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
    List<Verdict> verdicts = Verdicts.answered(judge, comparisons, warnings);
    if (averages.total(Metrics.FAILURES) == 0) {
      Verdicts.failed(verdicts).ifPresent(warnings);
    }
    if (averages.total(Metrics.ABSTENTIONS) == 0) {
      Verdicts.declined(verdicts).ifPresent(warnings);
    }
    count(verdicts, averages);
    List<Play> plays = new ArrayList<>();
    int start = 0;
    for (Draw draw : draws) {
      int end = start + draw.contests().size();
      addIfTrained(decided(draw, verdicts.subList(start, end)), plays);
      start = end;
    }
    return plays;
  }

  /**
   * The plays of which something is trained on, by rewards.
   *
   * @param warnings hears of a function that gives no finite reward
   */
  static List<Play> reward(
      List<Draw> draws, RewardFunction function, Averages averages, Consumer<String> warnings) {
    List<Exchange> exchanges = new ArrayList<>();
    for (Draw draw : draws) {
      draw.moves().forEach(move -> exchanges.add(new Exchange(draw.prompt(), move.response())));
    }
    double[] rewards =
        Verdicts.answered(
            exchanges.size() + " exchanges",
            () -> rewards(function, exchanges),
            Judging::whyNone,
            warnings);
    List<Play> plays = new ArrayList<>();
    int next = 0;
    for (Draw draw : draws) {
      List<Move> moves = new ArrayList<>();
      List<Double> given = new ArrayList<>();
      for (Move move : draw.moves()) {
        double reward = rewards[next++];
        averages.count(Metrics.FAILURES, Double.isFinite(reward) ? 0 : 1);
        if (Double.isFinite(reward)) {
          moves.add(move);
          given.add(reward);
        }
      }
      addIfTrained(new Play(moves, List.of(), List.of(), given, List.of()), plays);
    }
    return plays;
  }

  private static double[] rewards(RewardFunction function, List<Exchange> exchanges) {
    double[] rewards = exchanges.isEmpty() ? new double[0] : function.scores(exchanges);
    if (rewards.length != exchanges.size()) {
      throw new IllegalStateException(
          "the reward function must answer for every exchange: there were %d, but the rewards were %d"
              .formatted(exchanges.size(), rewards.length));
    }
    return rewards;
  }

  private static Optional<String> whyNone(double[] rewards) {
    boolean none = rewards.length > 0 && Arrays.stream(rewards).noneMatch(Double::isFinite);
    return none ? Optional.of("a reward must be finite, but was " + rewards[0]) : Optional.empty();
  }

  private static void addIfTrained(Play play, List<Play> plays) {
    if (play.moves().stream().anyMatch(Move::trained)) {
      plays.add(play);
    }
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
    int[] places = places(draw, verdicts);
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= 0) {
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
    return new Play(moves, contests, preferences, List.of(), List.of());
  }

  /** For every move of a draw its place among those that were decided on, or −1. */
  private static int[] places(Draw draw, List<Verdict> verdicts) {
    int[] places = new int[draw.moves().size()];
    Arrays.fill(places, -1);
    for (int c = 0; c < verdicts.size(); c++) {
      if (verdicts.get(c) instanceof Verdict.Preference) {
        places[draw.contests().get(c).first()] = 0;
        places[draw.contests().get(c).second()] = 0;
      }
    }
    int next = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = places[i] < 0 ? -1 : next++;
    }
    return places;
  }

  /** The plays with the reference's scores of what is trained on, each role's in one call. */
  static List<Play> scored(List<Play> plays, FrozenPolicy reference, double temperature) {
    List<LogProbs[]> scores = new ArrayList<>();
    for (Play play : plays) {
      LogProbs[] ofPlay = new LogProbs[play.moves().size()];
      Arrays.fill(ofPlay, UNSCORED);
      scores.add(ofPlay);
    }
    for (PolicyRole role : PolicyRole.values()) {
      score(plays, role, reference, temperature, scores);
    }
    List<Play> scored = new ArrayList<>(plays.size());
    for (int g = 0; g < plays.size(); g++) {
      scored.add(plays.get(g).withReferences(List.of(scores.get(g))));
    }
    return scored;
  }

  private static void score(
      List<Play> plays,
      PolicyRole role,
      FrozenPolicy reference,
      double temperature,
      List<LogProbs[]> scores) {
    List<Exchange> exchanges =
        plays.stream()
            .flatMap(play -> play.moves().stream())
            .filter(move -> move.trained() && move.referenceRole() == role)
            .map(Move::referenceExchange)
            .toList();
    if (exchanges.isEmpty()) {
      return;
    }
    List<LogProbs> values = reference.logProbs(exchanges, temperature, role);
    int next = 0;
    for (int g = 0; g < plays.size(); g++) {
      for (int i = 0; i < plays.get(g).moves().size(); i++) {
        Move move = plays.get(g).moves().get(i);
        if (move.trained() && move.referenceRole() == role) {
          scores.get(g)[i] = values.get(next++);
        }
      }
    }
  }
}
