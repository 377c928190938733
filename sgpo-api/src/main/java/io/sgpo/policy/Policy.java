package io.sgpo.policy;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import java.util.List;

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
   * Scores responses.
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

  /** Frees what the policy holds, native memory above all; further calls fail. Idempotent. */
  @Override
  void close();
}
