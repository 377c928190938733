package io.sgpo.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Assertions on refusals: their type and what their message names. */
public final class Refusals {

  private Refusals() {}

  /** The message of the refusal, of exactly this kind of exception. */
  public static String message(Class<? extends Exception> type, Executable refused) {
    return String.valueOf(assertThrows(type, refused).getMessage());
  }

  /** Asserts that the message of the refusal holds all the parts; returns it. */
  public static String assertNames(
      Class<? extends Exception> type, Executable refused, String... parts) {
    String message = message(type, refused);
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "expected \"" + part + "\" in: " + message);
    }
    return message;
  }
}
