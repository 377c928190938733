package io.sgpo.baseline;

import io.sgpo.onpolicy.OnPolicyOptions;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.train.OptionSets;
import java.util.Objects;
import java.util.Set;

/**
 * Options of Nash-MD.
 *
 * @param common what every on-policy engine is told; {@code samplesPerPrompt} 1 unless set
 * @param kl τ {@code >= 0}, weight of KL(π ‖ π_ref); 0.001 unless {@code leaderKl} is set
 * @param mixture m in [0, 1]: the opponent is π^(1−m) π_ref^m; 0.125 unless {@link
 *     NashMdEngine#MIXTURE} is set
 * @param baseline what is subtracted from a payoff; HALF unless set
 * @param klCredit which tokens' log-ratios a token is charged with; TO_GO unless set
 */
public record NashMdOptions(
    OnPolicyOptions common, double kl, double mixture, Baseline baseline, KlCredit klCredit) {

  static final Set<Option<?>> READ =
      OptionSets.union(
          OnPolicyOptions.READ,
          Set.of(
              StandardOptions.LEADER_KL,
              NashMdEngine.MIXTURE,
              StandardOptions.BASELINE,
              StandardOptions.KL_CREDIT));

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   * @throws IllegalStateException if the baseline needs more samples per prompt
   */
  public NashMdOptions {
    Objects.requireNonNull(common, "common");
    Objects.requireNonNull(baseline, "baseline");
    Objects.requireNonNull(klCredit, "klCredit");
    OnPolicyOptions.requireWeight("leaderKl", kl);
    if (!(mixture >= 0 && mixture <= 1)) {
      throw new IllegalArgumentException("mixture must be in [0, 1], but was " + mixture);
    }
    common.requireSamples(baseline);
  }

  /**
   * What was set, and the defaults for the rest.
   *
   * @throws IllegalStateException if policy, prompts or preference model are not set, or both steps
   *     and epochs are
   */
  static NashMdOptions from(Options options) {
    return new NashMdOptions(
        OnPolicyOptions.from(options, 1),
        options.get(StandardOptions.LEADER_KL, 0.001),
        options.get(NashMdEngine.MIXTURE, 0.125),
        options.get(StandardOptions.BASELINE, Baseline.HALF),
        options.get(StandardOptions.KL_CREDIT, KlCredit.TO_GO));
  }
}
