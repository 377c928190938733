package io.sgpo.onpolicy;

import io.sgpo.policy.PolicyRole;
import io.sgpo.run.Metric;
import java.util.Objects;

/**
 * Who makes a move, and what is reported of it.
 *
 * @param prefix what the names of its metrics begin with, such as {@code slhf.leader-}
 * @param role the weights it plays with
 * @param preference mean preference for its answers over those they were compared with
 * @param kl KL estimate to the reference, over the moves that were trained on
 */
public record Player(String prefix, PolicyRole role, Metric preference, Metric kl) {
  public Player {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(preference, "preference");
    Objects.requireNonNull(kl, "kl");
  }

  /** A player with the leader's weights whose metrics are described as those of a policy π. */
  public static Player of(String prefix) {
    return new Player(
        prefix,
        PolicyRole.LEADER,
        new Metric(prefix + "preference", "1", "mean of p(y > y' | x)"),
        new Metric(prefix + "kl", "nat", "mean of log pi(y|x) - log pi_ref(y|x)"));
  }

  /** What it is called: the last word of the prefix, such as {@code leader}. */
  public String name() {
    String words = prefix.substring(0, prefix.length() - 1);
    return words.substring(words.lastIndexOf('.') + 1);
  }

  /** Mean length of its answers. */
  public Metric length() {
    return new Metric(prefix + "length", "tokens", "mean tokens per response");
  }

  /** Share of its answers that no end-of-sequence token ended. */
  public Metric unfinished() {
    return new Metric(prefix + "unfinished", "1", "share of responses ended by the limit");
  }

  /** Estimate of its entropy per token, at the temperature of the draws. */
  public Metric entropy() {
    return new Metric(prefix + "entropy", "nat", "- sum of log pi(token) / tokens");
  }

  /** Mean advantage of the moves that were trained on. */
  public Metric advantage() {
    return new Metric(prefix + "advantage", "1", "mean of payoff - baseline");
  }

  /** Standard deviation of the advantage of the moves that were trained on. */
  public Metric advantageDeviation() {
    return new Metric(
        prefix + "advantage-deviation", "1", "standard deviation of payoff - baseline");
  }
}
