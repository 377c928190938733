package io.sgpo.run;

import java.util.Objects;

/**
 * The judge answered nothing of what it was asked, several times in a row. The unit of work that
 * asked is not done; a run with a directory ends in a checkpoint from which it goes on, once the
 * judge is back, as if it had never been away.
 */
public final class JudgeFailedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String reason;

  /**
   * @param asked what it was asked, such as {@code 5 comparisons}
   * @param attempts how often in a row
   * @param reason the first of the judge's reasons
   */
  public JudgeFailedException(String asked, int attempts, String reason) {
    super(
        "the judge must answer, but answered none of %s, %d times in a row; the first reason was: %s"
            .formatted(asked, attempts, Objects.requireNonNull(reason, "reason")));
    this.reason = reason;
  }

  /** The first of the judge's reasons. */
  public String reason() {
    return reason;
  }
}
