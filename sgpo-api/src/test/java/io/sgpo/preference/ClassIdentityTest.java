package io.sgpo.preference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ClassIdentityTest {

  @Test
  void aLambdaHasTheNameOfTheClassThatItIsIn() {
    Runnable lambda = () -> {};
    assertEquals(
        ClassIdentityTest.class.getName() + " (lambda)", ClassIdentity.of(lambda.getClass()));
    assertEquals("java.lang.String", ClassIdentity.of(String.class));
    assertEquals(
        ClassIdentityTest.class.getName() + " (lambda)", PreferenceModel.of(c -> 0.5).identity());
  }
}
