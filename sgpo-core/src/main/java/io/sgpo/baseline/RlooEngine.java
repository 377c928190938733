package io.sgpo.baseline;

import io.sgpo.onpolicy.OnPolicyRun;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import java.util.Set;

/**
 * REINFORCE leave-one-out (Ahmadian et al. 2024, arXiv 2402.14740) on SLHF's judge and loop:
 * several answers to a prompt, each paid its mean preference over the others less its KL term, the
 * other answers being the baseline.
 *
 * <p>Needs {@code policy}, {@code prompts} and {@code preferenceModel}; defaults: {@link
 * RlooOptions}. {@code leaderKl} is the weight of its KL.
 */
public final class RlooEngine implements AlignmentEngine {

  /** What an answer is paid; {@link RlooReward#PREFERENCE} unless set. */
  public static final Option<RlooReward> REWARD = Option.of("reward", RlooReward.class);

  /** For service loading. */
  public RlooEngine() {}

  @Override
  public String name() {
    return "rloo";
  }

  @Override
  public Set<Option<?>> options() {
    return RlooOptions.READ;
  }

  @Override
  public Run prepare(Options options, AlignmentListener listener) {
    RlooOptions rloo = RlooOptions.from(options);
    return new OnPolicyRun(name(), rloo.common(), new Rloo(rloo), rloo);
  }
}
