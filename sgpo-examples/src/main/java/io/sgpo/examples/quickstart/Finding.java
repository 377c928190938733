package io.sgpo.examples.quickstart;

import io.sgpo.solvers.stats.MeanDifference;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A comparison of two win rates, paired by seed, and the sentence that its interval allows.
 *
 * @param first what is compared
 * @param second with what
 * @param difference of the win rates, with Student's t interval over seeds
 */
record Finding(String first, String second, MeanDifference difference) {

  static final double CONFIDENCE = 0.95;

  private static final double PERCENT = 100;

  static Finding of(
      String first,
      ToDoubleFunction<TrialResult> firstRate,
      String second,
      ToDoubleFunction<TrialResult> secondRate,
      List<TrialResult> trials) {
    return new Finding(
        first,
        second,
        MeanDifference.paired(
            TrialResult.figures(trials, firstRate),
            TrialResult.figures(trials, secondRate),
            CONFIDENCE));
  }

  /** What the interval shows, and no more. */
  String sentence() {
    String numbers =
        String.format(
            Locale.ROOT,
            "%+.1f points [%+.1f, %+.1f]",
            PERCENT * difference.mean(),
            PERCENT * difference.lower(),
            PERCENT * difference.upper());
    if (difference.lower() > 0) {
      return first + " wins more often than " + second + ": " + numbers;
    }
    if (difference.upper() < 0) {
      return first + " wins less often than " + second + ": " + numbers;
    }
    return "no difference between " + first + " and " + second + " is shown: " + numbers;
  }
}
