package io.sgpo.preference;

import io.sgpo.dialogue.Exchange;
import java.util.List;

/**
 * A reward r(x, y) on a scale of its own, such as a reward model's scalar head. A judge that has
 * one may implement this beside {@link PreferenceModel}.
 *
 * <p>Implementations must be thread-safe and answer in the order of the questions.
 */
@FunctionalInterface
public interface RewardFunction {

  /**
   * The reward of every exchange, in order: finite, or NaN where none could be given.
   *
   * @param exchanges prompts as the user gave them, with responses
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  double[] rewards(List<Exchange> exchanges);
}
