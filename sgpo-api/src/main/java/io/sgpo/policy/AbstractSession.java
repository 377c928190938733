package io.sgpo.policy;

import io.sgpo.dialogue.Prompt;
import java.util.List;

/** A session that refuses draws once it is closed. Not thread-safe. */
public abstract class AbstractSession implements SamplingSession {

  private boolean closed;

  /** A session that is open. */
  protected AbstractSession() {}

  @Override
  public final List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    return draw(prompts, sampling);
  }

  /** As {@link #sample}, of a session that is open. */
  protected abstract List<List<Sample>> draw(List<? extends Prompt> prompts, Sampling sampling);

  /** Frees what is kept for the next call, if there is anything; called at every close. */
  protected void free() {}

  @Override
  public final void close() {
    closed = true;
    free();
  }
}
