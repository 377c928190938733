package io.sgpo.judge;

import io.sgpo.dialogue.Exchange;
import java.util.List;

/** A scalar reward r(x, y): {@code model::scores} of a reward model, or any other function. */
@FunctionalInterface
public interface RewardFunction {

  /**
   * The rewards of exchanges, in order. To be thread-safe.
   *
   * @throws IllegalArgumentException if an exchange cannot be read
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  double[] scores(List<Exchange> exchanges);
}
