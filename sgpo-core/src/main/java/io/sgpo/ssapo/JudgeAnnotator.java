package io.sgpo.ssapo;

import io.sgpo.policy.Sample;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A preference model as the judge: every two responses of a prompt are compared once, and a
 * response's score is half the mean of its preferences over the others that were judged. For two
 * responses the difference of scores is the distance of the preference from ½.
 */
final class JudgeAnnotator implements Annotator {

  private final PreferenceModel judge;
  private final Consumer<String> warnings;
  private long ties;
  private long abstentions;
  private long failures;

  /**
   * @param warnings hears of a judge that answers nothing, and of the first failures and
   *     abstentions
   */
  JudgeAnnotator(PreferenceModel judge, Consumer<String> warnings) {
    this.judge = judge;
    this.warnings = warnings;
  }

  private record Duel(int prompt, int first, int second) {}

  @Override
  public Judgement score(
      List<List<Sample>> samples, List<double[]> reference, TrainablePolicy policy) {
    List<Duel> duels = new ArrayList<>();
    List<Comparison> comparisons = new ArrayList<>();
    List<Tally> tallies = new ArrayList<>();
    for (int p = 0; p < samples.size(); p++) {
      tallies.add(new Tally(samples.get(p).size()));
      addDuels(p, samples.get(p), duels, comparisons);
    }
    List<Verdict> verdicts = Verdicts.answered(judge, comparisons, warnings);
    if (failures == 0) {
      Verdicts.failed(verdicts).ifPresent(warnings);
    }
    if (abstentions == 0) {
      Verdicts.declined(verdicts).ifPresent(warnings);
    }
    for (int d = 0; d < duels.size(); d++) {
      take(verdicts.get(d), duels.get(d), tallies);
    }
    return new Judgement(tallies.stream().map(Tally::scores).toList(), null);
  }

  private static void addDuels(
      int prompt, List<Sample> samples, List<Duel> duels, List<Comparison> comparisons) {
    for (int i = 0; i < samples.size(); i++) {
      for (int j = i + 1; j < samples.size(); j++) {
        var first = samples.get(i).exchange();
        var second = samples.get(j).exchange();
        duels.add(new Duel(prompt, i, j));
        comparisons.add(new Comparison(first.prompt(), first.response(), second.response()));
      }
    }
  }

  private void take(Verdict verdict, Duel duel, List<Tally> tallies) {
    if (verdict instanceof Verdict.Preference preference) {
      ties += preference.probability() == 0.5 ? 1 : 0;
      tallies.get(duel.prompt()).add(duel, preference.probability());
    } else if (verdict instanceof Verdict.Abstention) {
      abstentions++;
    } else {
      failures++;
    }
  }

  /** Every two responses of a prompt. */
  @Override
  public long comparisons(List<List<Sample>> samples) {
    return samples.stream().mapToLong(row -> row.size() * (row.size() - 1L) / 2).sum();
  }

  @Override
  public JudgeCounts counts() {
    return new JudgeCounts(ties, abstentions, failures);
  }

  /** Sums of one prompt's preferences. */
  private static final class Tally {
    private final double[] sums;
    private final int[] judged;

    Tally(int responses) {
      sums = new double[responses];
      judged = new int[responses];
    }

    void add(Duel duel, double probability) {
      sums[duel.first()] += probability;
      sums[duel.second()] += 1 - probability;
      judged[duel.first()]++;
      judged[duel.second()]++;
    }

    double[] scores() {
      double[] scores = new double[sums.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = judged[i] == 0 ? Double.NaN : sums[i] / judged[i] / 2;
      }
      return scores;
    }
  }
}
