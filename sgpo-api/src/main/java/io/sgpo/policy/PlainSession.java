package io.sgpo.policy;

import io.sgpo.dialogue.Prompt;
import java.util.List;

/** A session in which every draw is computed anew. */
final class PlainSession extends AbstractSession {

  private final Policy policy;

  PlainSession(Policy policy) {
    this.policy = policy;
  }

  @Override
  protected List<List<Sample>> draw(List<? extends Prompt> prompts, Sampling sampling) {
    return policy.sample(prompts, sampling);
  }
}
