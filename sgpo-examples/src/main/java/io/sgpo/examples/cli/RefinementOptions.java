package io.sgpo.examples.cli;

import io.sgpo.Refiner;
import io.sgpo.judge.RewardFunction;
import io.sgpo.preference.PreferenceModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a chain of refinements ends, and how the next answer is picked. */
final class RefinementOptions {

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "1",
      description = "draws per step, of which the judge picks the best; ${DEFAULT-VALUE}")
  private int samples;

  @Option(names = "--stop-at-fixed-point", description = "end where the next answer is the same")
  private boolean fixedPoint;

  @Option(
      names = "--stop-unless-preferred",
      paramLabel = "P",
      description = "end unless the judge prefers the next answer with at least this probability")
  private @Nullable Double preferred;

  @Option(
      names = "--stop-unless-score-rises",
      paramLabel = "X",
      description =
          "end unless the reward of the next answer is higher by at least X; needs --judge"
              + " reward:DIR")
  private @Nullable Double gain;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "end once this many tokens were drawn for an answer, all steps counted")
  private @Nullable Long maxTokens;

  /** Draws per step. */
  int samples() {
    return samples;
  }

  /**
   * @throws UsageException if rules need a judge and there is none
   */
  void check(boolean judged) {
    if (!judged && (samples > 1 || preferred != null || gain != null)) {
      throw new UsageException(
          "--samples above 1, --stop-unless-preferred and --stop-unless-score-rises need --judge");
    }
  }

  /**
   * The refiner with these rules.
   *
   * @throws UsageException if a value is outside its domain
   */
  Refiner apply(Refiner refiner, @Nullable PreferenceModel judge) {
    try {
      Refiner ruled = refiner.samples(samples);
      ruled = judge == null ? ruled : ruled.judge(judge);
      ruled = fixedPoint ? ruled.stopAtFixedPoint() : ruled;
      ruled = preferred == null ? ruled : ruled.stopUnlessPreferred(preferred);
      ruled = gain == null ? ruled : scored(ruled, judge).stopUnlessScoreRises(gain);
      return maxTokens == null ? ruled : ruled.maxTokens(maxTokens);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new UsageException(
          "--"
              + message
                  .replace("threshold", "stop-unless-preferred")
                  .replace("gain", "stop-unless-score-rises")
                  .replace("maxTokens", "max-tokens"),
          e);
    }
  }

  private static Refiner scored(Refiner refiner, @Nullable PreferenceModel judge) {
    PreferenceModel opened = judge instanceof OpenJudge open ? open.judge() : judge;
    if (opened instanceof RewardFunction reward) {
      return refiner.scorer(reward::scores);
    }
    throw new UsageException(
        "--stop-unless-score-rises needs a --judge with a reward, such as reward:DIR");
  }
}
