package io.sgpo.solvers;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** Looks at the messages of refused arguments. */
public final class Refusals {
  private Refusals() {}

  /** The message with which the call refuses its arguments. */
  public static String message(Executable call) {
    return Objects.toString(assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
