package io.sgpo.examples.cli;

import io.sgpo.Refiner;
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
      names = "--max-tokens",
      paramLabel = "N",
      description = "end once this many tokens were drawn for an answer, all steps counted")
  private @Nullable Long maxTokens;

  /**
   * @throws UsageException if rules need a judge and there is none
   */
  void check(boolean judged) {
    if (!judged && (samples > 1 || preferred != null)) {
      throw new UsageException("--samples above 1 and --stop-unless-preferred need --judge");
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
      return maxTokens == null ? ruled : ruled.maxTokens(maxTokens);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new UsageException(
          "--"
              + message
                  .replace("threshold", "stop-unless-preferred")
                  .replace("maxTokens", "max-tokens"),
          e);
    }
  }
}
