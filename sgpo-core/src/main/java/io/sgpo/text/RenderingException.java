package io.sgpo.text;

import org.jspecify.annotations.Nullable;

/**
 * A prompt or response that cannot be turned into token ids, or not without ambiguity. The message
 * names the rule; whoever reads rows adds the row's number.
 */
public final class RenderingException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  public RenderingException(String message) {
    super(message);
  }

  public RenderingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
