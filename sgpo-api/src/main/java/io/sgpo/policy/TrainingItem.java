package io.sgpo.policy;

import io.sgpo.dialogue.Exchange;
import java.util.Objects;

/**
 * One response to be scored and trained on.
 *
 * @param exchange the prompt and the response
 * @param role whose move it is
 */
public record TrainingItem(Exchange exchange, PolicyRole role) {
  public TrainingItem {
    Objects.requireNonNull(exchange, "exchange");
    Objects.requireNonNull(role, "role");
  }

  /** An item of the leader. */
  public static TrainingItem of(Exchange exchange) {
    return new TrainingItem(exchange, PolicyRole.LEADER);
  }
}
