package io.sgpo.slhf;

import io.sgpo.onpolicy.OnPolicyRun;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.AlignmentEngine;
import java.util.Set;

/**
 * SLHF by StackelbergGDA (arXiv 2512.16626): one policy answers as the leader and, asked to improve
 * the answer it sees, as the follower; both are trained at once by policy gradients, the follower κ
 * times as fast, each held near its reference by its own KL term.
 *
 * <p>A tie counts with advantage 0; what the judge abstains from or fails at contributes nothing.
 * Steps are reported in at most ten rounds. Needs {@code policy}, {@code prompts} and {@code
 * preferenceModel}; defaults: {@link SlhfOptions}.
 */
public final class SlhfEngine implements AlignmentEngine {

  /** What the leader is paid; {@link LeaderPayoff#PREFERENCE}, as published, unless set. */
  public static final Option<LeaderPayoff> LEADER_PAYOFF =
      Option.of("leaderPayoff", LeaderPayoff.class);

  /** For service loading. */
  public SlhfEngine() {}

  @Override
  public String name() {
    return "slhf";
  }

  @Override
  public Set<Option<?>> options() {
    return SlhfOptions.READ;
  }

  @Override
  public Run prepare(Options options, AlignmentListener listener) {
    SlhfOptions slhf = SlhfOptions.from(options);
    return new OnPolicyRun(name(), slhf.common(), new StackelbergGda(slhf), listener);
  }
}
