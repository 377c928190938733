package io.sgpo.policy;

import io.sgpo.dialogue.Exchange;
import java.util.Objects;

/**
 * A response that a policy drew.
 *
 * @param exchange the prompt and the response, its token ids included
 * @param logProbs log π of every token, at the temperature of the draw: the tempered policy is the
 *     policy. It equals {@link Policy#logProbs} at that temperature to rounding
 * @param samplingLogProb the log-probability of the response under the distribution it was really
 *     drawn from, after top-k and top-p; equal to {@code logProbs.sum()} when nothing was filtered
 */
public record Sample(Exchange exchange, LogProbs logProbs, double samplingLogProb) {
  public Sample {
    Objects.requireNonNull(exchange, "exchange");
    Objects.requireNonNull(logProbs, "logProbs");
  }
}
