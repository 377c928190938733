package io.sgpo.train;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.List;

/** Asking a preference model. */
public final class Verdicts {

  private Verdicts() {}

  /**
   * One verdict per comparison; the model is not asked if there is none.
   *
   * @throws IllegalStateException if the model does not answer every comparison
   */
  public static List<Verdict> of(PreferenceModel judge, List<Comparison> comparisons) {
    List<Verdict> verdicts = comparisons.isEmpty() ? List.of() : judge.compare(comparisons);
    if (verdicts.size() != comparisons.size()) {
      throw new IllegalStateException(
          "the preference model must answer every comparison: there were %d, but the verdicts were %d"
              .formatted(comparisons.size(), verdicts.size()));
    }
    return verdicts;
  }
}
