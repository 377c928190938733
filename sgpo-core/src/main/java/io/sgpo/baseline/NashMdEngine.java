package io.sgpo.baseline;

import io.sgpo.onpolicy.OnPolicyRun;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import java.util.Set;

/**
 * Nash-MD-PG (Munos et al. 2023, arXiv 2312.00886) on SLHF's judge and loop: the policy's answer is
 * compared with one of the geometric mixture π^(1−m) π_ref^m, taken token by token.
 *
 * <p>Its fixed point is π ∝ π_ref exp(p(· ≻ mixture) / τ); at m = 0 that is the KL-regularised Nash
 * policy, at m = 1 the best response to the reference. Needs {@code policy}, {@code prompts} and
 * {@code preferenceModel}; defaults: {@link NashMdOptions}. {@code leaderKl} is the weight of its
 * KL.
 */
public final class NashMdEngine implements AlignmentEngine {

  /** m in [0, 1], the reference's share in the opponent; 0.125 unless set. */
  public static final Option<Double> MIXTURE =
      Option.of("mixture", Double.class, "must be in [0, 1]", value -> value >= 0 && value <= 1);

  /** For service loading. */
  public NashMdEngine() {}

  @Override
  public String name() {
    return "nash-md";
  }

  @Override
  public Set<Option<?>> options() {
    return NashMdOptions.READ;
  }

  @Override
  public Run prepare(Options options, AlignmentListener listener) {
    NashMdOptions nash = NashMdOptions.from(options);
    return new OnPolicyRun(name(), nash.common(), new NashMd(nash), nash);
  }
}
