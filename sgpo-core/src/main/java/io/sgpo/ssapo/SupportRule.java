package io.sgpo.ssapo;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The rule for the support [a, b] of the follower's distributions.
 *
 * @param margin τ {@code > 0} of [min ξ − τ, max ξ + τ], in units of margin on either scale; not
 *     read with a quantile; 1 unless set
 * @param quantile q in (0, ½): from the q- to the (1 − q)-quantile of the gaps, others are clipped;
 *     0 (unless set) for the margin
 * @param straightThrough whether a clipped pair has the gradient of the end it was clipped to, and
 *     not (unless set) none
 */
public record SupportRule(double margin, double quantile, boolean straightThrough) {

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public SupportRule {
    if (!(margin > 0) || Double.isInfinite(margin)) {
      throw new IllegalArgumentException("supportMargin must be finite and > 0, but was " + margin);
    }
    if (!(quantile >= 0 && quantile < 0.5)) {
      throw new IllegalArgumentException(
          "supportQuantile must be in (0, 1/2), or 0 for none, but was " + quantile);
    }
  }

  /** The support of gaps with their masses; quantiles are those of the masses. */
  Support of(LabelledGaps labelled) {
    double[] gaps = labelled.atoms();
    double[] masses = labelled.masses();
    if (quantile == 0 || masses == null) {
      return of(gaps);
    }
    int[] order =
        IntStream.range(0, gaps.length)
            .filter(atom -> masses[atom] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(atom -> gaps[atom]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sorted = IntStream.of(order).mapToDouble(atom -> gaps[atom]).toArray();
    double[] sizes = IntStream.of(order).mapToDouble(atom -> masses[atom]).toArray();
    return new Support(
        Support.quantile(sorted, sizes, quantile),
        Support.quantile(sorted, sizes, 1 - quantile),
        true);
  }

  /** The support of gaps of equal masses, at least one, finite. */
  Support of(double[] gaps) {
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    return quantile == 0
        ? new Support(sorted[0] - margin, sorted[sorted.length - 1] + margin, false)
        : new Support(
            Support.quantile(sorted, quantile), Support.quantile(sorted, 1 - quantile), true);
  }
}
