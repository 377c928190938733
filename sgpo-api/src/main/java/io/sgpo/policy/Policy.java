package io.sgpo.policy;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import java.util.List;
import java.util.Objects;

/**
 * A conditional distribution π(y | x) over responses that can be drawn from and scored. Sampling
 * and scoring may run concurrently with each other.
 *
 * <p>Long calls stop between two pieces of work with a {@link
 * java.util.concurrent.CancellationException} when the calling thread is interrupted; its interrupt
 * status stays set.
 */
public interface Policy extends AutoCloseable {

  /**
   * Draws responses.
   *
   * @param prompts the prompts x, possibly none
   * @param sampling how to draw; row i of the prompts uses the streams (seed, i, sample)
   * @return for every prompt, in order, {@code sampling.samplesPerPrompt()} samples
   * @throws IllegalArgumentException if a prompt cannot be read by this policy, naming its row
   */
  List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling);

  /**
   * Opens a session of draws that go on from one another, such as a follower's from a leader's. A
   * policy that keeps nothing from call to call draws in it as it always does. The caller closes
   * it.
   */
  default SamplingSession session() {
    return new PlainSession(this);
  }

  /**
   * Scores responses with the leader's weights.
   *
   * @param exchanges prompts with responses, possibly none
   * @param temperature T {@code > 0}: the policy scored is softmax(logits / T)
   * @return the log-probabilities of every response's tokens, in order
   * @throws IllegalArgumentException if an exchange cannot be read by this policy, naming its row
   */
  List<LogProbs> logProbs(List<Exchange> exchanges, double temperature);

  /** Scores responses at temperature 1. */
  default List<LogProbs> logProbs(List<Exchange> exchanges) {
    return logProbs(exchanges, 1);
  }

  /**
   * Scores responses of a player.
   *
   * @param exchanges as in {@link #logProbs(List, double)}
   * @param temperature as there
   * @param role whose weights score, of a policy that keeps some for each role; others score as
   *     they always do
   */
  default List<LogProbs> logProbs(List<Exchange> exchanges, double temperature, PolicyRole role) {
    Objects.requireNonNull(role, "role");
    return logProbs(exchanges, temperature);
  }

  /** Frees what the policy holds, native memory above all; further calls fail. Idempotent. */
  @Override
  void close();
}
