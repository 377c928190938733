package io.sgpo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Judging the next answers of all open chains at once. */
final class RefinementCandidates {

  private RefinementCandidates() {}

  /** The scores of exchanges. */
  static double[] scores(
      Function<? super List<Exchange>, double[]> scorer, List<Exchange> exchanges) {
    double[] scores = exchanges.isEmpty() ? new double[0] : scorer.apply(exchanges);
    if (scores.length != exchanges.size()) {
      throw new IllegalStateException(
          "there must be a score per exchange, "
              + exchanges.size()
              + ", but there were "
              + scores.length);
    }
    return scores;
  }

  /** The verdicts of a judge. */
  static List<Verdict> verdicts(PreferenceModel judge, List<Comparison> comparisons) {
    List<Verdict> verdicts = comparisons.isEmpty() ? List.of() : judge.compare(comparisons);
    if (verdicts.size() != comparisons.size()) {
      throw new IllegalStateException(
          "the preference model must answer every comparison: there were "
              + comparisons.size()
              + ", but the verdicts were "
              + verdicts.size());
    }
    return verdicts;
  }

  /**
   * Of every chain's candidates the one with the highest score, of equal ones the first. A score
   * that is not a number is below all.
   */
  static int[] highest(
      List<RefinementChain> chains,
      List<List<Response>> candidates,
      Function<? super List<Exchange>, double[]> scorer) {
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      for (Response candidate : candidates.get(i)) {
        exchanges.add(chains.get(i).exchange(candidate));
      }
    }
    double[] scores = scores(scorer, exchanges);
    int[] best = new int[chains.size()];
    int start = 0;
    for (int i = 0; i < best.length; i++) {
      double[] own = new double[candidates.get(i).size()];
      System.arraycopy(scores, start, own, 0, own.length);
      best[i] = argMax(own);
      start += own.length;
    }
    return best;
  }

  /**
   * Of every chain's candidates the one with the highest mean preference over the others, of equal
   * ones the first; what was not decided counts as ½.
   */
  static int[] mostPreferred(
      List<RefinementChain> chains, List<List<Response>> candidates, PreferenceModel judge) {
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      List<Response> own = candidates.get(i);
      for (int j = 0; j < own.size(); j++) {
        for (int k = j + 1; k < own.size(); k++) {
          comparisons.add(new Comparison(chains.get(i).prompt(), own.get(j), own.get(k)));
        }
      }
    }
    List<Verdict> verdicts = verdicts(judge, comparisons);
    int[] best = new int[chains.size()];
    int next = 0;
    for (int i = 0; i < best.length; i++) {
      double[] wins = new double[candidates.get(i).size()];
      for (int j = 0; j < wins.length; j++) {
        for (int k = j + 1; k < wins.length; k++) {
          double p =
              verdicts.get(next++) instanceof Verdict.Preference decided
                  ? decided.probability()
                  : 0.5;
          wins[j] += p;
          wins[k] += 1 - p;
        }
      }
      best[i] = argMax(wins);
    }
    return best;
  }

  private static int argMax(double[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[best] || Double.isNaN(values[best])) {
        best = k;
      }
    }
    return best;
  }
}
