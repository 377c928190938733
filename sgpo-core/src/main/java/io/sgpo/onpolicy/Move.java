package io.sgpo.onpolicy;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import java.util.Objects;

/**
 * An answer that a player drew.
 *
 * @param player whose it is
 * @param sample the prompt that the player saw and the answer
 * @param referencePrompt the prompt that the reference sees when it scores the answer
 * @param referenceRole whose reference weights score it
 * @param trained whether the step learns from it; others are only compared with
 */
public record Move(
    Player player,
    Sample sample,
    Prompt referencePrompt,
    PolicyRole referenceRole,
    boolean trained) {
  public Move {
    Objects.requireNonNull(player, "player");
    Objects.requireNonNull(sample, "sample");
    Objects.requireNonNull(referencePrompt, "referencePrompt");
    Objects.requireNonNull(referenceRole, "referenceRole");
  }

  /** A move that is learned from, its reference being the player's and seeing what it saw. */
  public static Move of(Player player, Sample sample) {
    return new Move(player, sample, sample.exchange().prompt(), player.role(), true);
  }

  /** The same answer, which is only compared with. */
  public Move untrained() {
    return new Move(player, sample, referencePrompt, referenceRole, false);
  }

  public Response response() {
    return sample.exchange().response();
  }

  /** Whether no end-of-sequence token ended it. */
  public boolean isUnfinished() {
    return response().finish() == Response.Finish.LENGTH;
  }

  Exchange referenceExchange() {
    return new Exchange(referencePrompt, response());
  }
}
