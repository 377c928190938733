package io.sgpo.policy;

import io.sgpo.dialogue.Prompt;
import java.util.List;

/** A session in which every draw is computed anew. */
final class PlainSession implements SamplingSession {

  private final Policy policy;
  private boolean closed;

  PlainSession(Policy policy) {
    this.policy = policy;
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    return policy.sample(prompts, sampling);
  }

  @Override
  public void close() {
    closed = true;
  }
}
