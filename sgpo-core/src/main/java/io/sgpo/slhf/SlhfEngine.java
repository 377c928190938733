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
 * <p>One set of weights plays both roles, or each has its own where the policy keeps them ({@link
 * io.sgpo.policy.TrainablePolicy#hasFollowerWeights}): κ then multiplies the follower's learning
 * rate, not its loss.
 *
 * <p>A tie counts with advantage 0; what the judge abstains from or fails at contributes nothing.
 * Steps are reported in at most ten rounds. Needs {@code policy}, {@code prompts} and {@code
 * preferenceModel}; defaults: {@link SlhfOptions}.
 */
public final class SlhfEngine implements AlignmentEngine {

  /** What the leader is paid; {@link LeaderPayoff#PREFERENCE}, as published, unless set. */
  public static final Option<LeaderPayoff> LEADER_PAYOFF =
      Option.of("leaderPayoff", LeaderPayoff.class);

  /**
   * What the follower's KL is taken against; {@link FollowerReference#FOLLOWER_PROMPT} unless set.
   */
  public static final Option<FollowerReference> FOLLOWER_REFERENCE =
      Option.of("followerReference", FollowerReference.class);

  /** How often the follower answers each of the leader's answers, {@code >= 1}; 1 unless set. */
  public static final Option<Integer> FOLLOWER_SAMPLES =
      Option.of("followerSamples", Integer.class, "must be >= 1", value -> value >= 1);

  /**
   * n {@code >= 1}: of n steps the leader is trained at the last only, the follower at all; 1
   * unless set.
   */
  public static final Option<Integer> LEADER_EVERY =
      Option.of("leaderEvery", Integer.class, "must be >= 1", value -> value >= 1);

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
    return new OnPolicyRun(name(), slhf.common(), new StackelbergGda(slhf), slhf);
  }
}
