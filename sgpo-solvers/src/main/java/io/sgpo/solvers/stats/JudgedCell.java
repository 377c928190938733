package io.sgpo.solvers.stats;

import org.jspecify.annotations.Nullable;

/**
 * What judges said of one pair: of two policies, or of a follower and an author.
 *
 * @param winRate wins and half of the ties of the first, clustered by prompt; null where no
 *     comparison was decided
 * @param meanPreference the mean of p(first ≻ second); NaN where no comparison was decided
 * @param abstentions comparisons that a judge declined; they count nowhere else
 * @param failures comparisons that no judge answered; they count nowhere else
 */
public record JudgedCell(
    @Nullable WinRate winRate, double meanPreference, int abstentions, int failures) {

  /** Whether a comparison was decided. */
  public boolean compared() {
    return winRate != null;
  }

  /** How many comparisons were decided. */
  public int comparisons() {
    return winRate == null ? 0 : winRate.comparisons();
  }

  /** The rate of the first, NaN where no comparison was decided. */
  public double rate() {
    return winRate == null ? Double.NaN : winRate.rate();
  }

  /** The same seen from the second. */
  JudgedCell reversed() {
    return new JudgedCell(
        winRate == null ? null : winRate.reversed(), 1 - meanPreference, abstentions, failures);
  }
}
