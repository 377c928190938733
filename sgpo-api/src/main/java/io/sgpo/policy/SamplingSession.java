package io.sgpo.policy;

import io.sgpo.dialogue.Prompt;
import java.util.List;

/**
 * Draws from a policy of which each call may use what the call before it computed: a follower's
 * prompts begin with the leader's prompts and answers, and the keys and values of that beginning
 * need not be computed again (prefix caching). What is drawn is what {@link Policy#sample} draws,
 * up to rounding: with and without a session the uniforms are the same. A draw depends on the calls
 * of its own session alone.
 *
 * <p>Nothing is used that other weights have computed: after a training step or a restored state,
 * and in a call for a role with weights of its own, everything is computed again.
 *
 * <p>Not thread-safe. Whoever opened a session closes it, before the policy.
 */
public interface SamplingSession extends AutoCloseable {

  /**
   * Draws responses, as {@link Policy#sample} does.
   *
   * @throws IllegalArgumentException if a prompt cannot be read by the policy, naming its row
   * @throws IllegalStateException if this session or the policy is closed
   */
  List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling);

  /** Frees what is kept for the next call. Idempotent. */
  @Override
  void close();
}
