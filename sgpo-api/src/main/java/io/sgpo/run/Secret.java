package io.sgpo.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A text that must not be seen, such as the key of a judge's endpoint. Its {@link #toString} is
 * {@value #REDACTED}; it has no property that a serialiser would find and is not {@link
 * java.io.Serializable}. What the endpoint sends back may quote it: pass that through {@link
 * #redact} before it goes into a message, a log or a file. Immutable.
 */
public final class Secret {

  /** What stands in place of a secret. */
  public static final String REDACTED = "[secret]";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * The secret of this text.
   *
   * @throws IllegalArgumentException if the text is blank
   */
  public static Secret of(String value) {
    Objects.requireNonNull(value, "value");
    if (value.isBlank()) {
      throw new IllegalArgumentException("a secret must not be blank, but was");
    }
    return new Secret(value);
  }

  /**
   * The secret that an environment variable holds.
   *
   * @throws IllegalStateException if the variable is not set or blank, naming it
   */
  public static Secret fromEnvironment(String variable) {
    String value = System.getenv(variable);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          "the environment variable "
              + variable
              + " must hold a secret, but was "
              + (value == null ? "not set" : "blank"));
    }
    return new Secret(value);
  }

  /** The text, for the one call that needs it. */
  public String reveal() {
    return value;
  }

  /** A text with {@value #REDACTED} in place of the secret wherever it occurs. */
  public String redact(String text) {
    return text.replace(value, REDACTED);
  }

  /** Equal texts; the time it takes does not depend on where they differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** {@value #REDACTED}. */
  @Override
  public String toString() {
    return REDACTED;
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
