package io.sgpo.eval;

import io.sgpo.solvers.stats.WinRate;
import java.util.Objects;

/**
 * How much a judge prefers one policy to another.
 *
 * @param mean the mean of p(first ≻ second | x) over the judged prompts
 * @param lower lower end of the mean's 95 % percentile-bootstrap interval over prompts
 * @param upper its upper end
 * @param winRate wins and half of the ties, with an interval of its own
 * @param abstentions comparisons that the judge declined; they count nowhere else
 * @param failures comparisons that it did not answer; they count nowhere else
 */
public record PreferenceEstimate(
    double mean, double lower, double upper, WinRate winRate, int abstentions, int failures) {
  public PreferenceEstimate {
    Objects.requireNonNull(winRate, "winRate");
  }
}
