package io.sgpo.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LogisticLossNameTest {

  /** An enum's own name() had hidden the loss's name. */
  @Test
  void isLogistic() {
    assertEquals("logistic", GapLoss.logistic().name());
    assertEquals("logistic", GapLoss.logistic().toString());
  }
}
