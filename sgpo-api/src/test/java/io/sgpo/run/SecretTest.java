package io.sgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretTest {

  private static final String KEY = "sk-1234567890";

  private final Secret secret = Secret.of(KEY);

  @Test
  void printedAloneAndInsideOthersItIsRedacted() {
    String printed = secret + " " + List.of(secret) + " " + Map.of("key", secret);
    assertFalse(printed.contains(KEY), printed);
    assertEquals("[secret] [[secret]] {key=[secret]}", printed);
  }

  @Test
  void redactReplacesEveryOccurrence() {
    assertEquals(
        "401: [secret] is no key, [secret]", secret.redact("401: " + KEY + " is no key, " + KEY));
    assertEquals("nothing here", secret.redact("nothing here"));
  }

  @Test
  void revealGivesTheText() {
    assertEquals(KEY, secret.reveal());
  }

  @Test
  void equalTextsAreEqualSecrets() {
    assertEquals(secret, Secret.of(KEY));
    assertEquals(secret.hashCode(), Secret.of(KEY).hashCode());
    assertNotEquals(secret, Secret.of(KEY + "1"));
    assertNotEquals((Object) KEY, secret);
  }

  @Test
  void itCannotBeSerialised() {
    assertFalse(Serializable.class.isAssignableFrom(Secret.class));
  }

  @Test
  void blankTextsAreRefused() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> Secret.of(" "));
    assertTrue(refusal.getMessage().contains("must not be blank"), refusal.getMessage());
  }

  @Test
  void missingVariableIsRefusedByName() {
    var refusal =
        assertThrows(
            IllegalStateException.class, () -> Secret.fromEnvironment("SGPO_NO_SUCH_VARIABLE"));
    assertEquals(
        "the environment variable SGPO_NO_SUCH_VARIABLE must hold a secret, but was not set",
        refusal.getMessage());
  }
}
