package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.policy.Sampling;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Draws from p = (0.1, 0.4, 0.2, 0.3), behind an offset of one. */
class TokenDrawTest {

  private static final int DRAWS = 20_000;
  private static final double[] P = {0.1, 0.4, 0.2, 0.3};

  @Test
  void unfilteredDrawsHaveTheProbabilitiesOfTheSoftmax() {
    assertFrequencies(Sampling.of(1, 0), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void topKKeepsTheMostProbable() {
    assertFrequencies(Sampling.of(1, 0).withTopK(2), 0, 4 / 7.0, 0, 3 / 7.0);
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesIt() {
    assertFrequencies(Sampling.of(1, 0).withTopP(0.69), 0, 4 / 7.0, 0, 3 / 7.0);
    assertFrequencies(Sampling.of(1, 0).withTopP(0.71), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0);
    assertFrequencies(Sampling.of(1, 0).withTopP(0.01), 0, 1, 0, 0);
  }

  @Test
  void topPIsTakenOfWhatTopKLeft() {
    // Of (4/7, 3/7) the first alone reaches 0.55.
    assertFrequencies(Sampling.of(1, 0).withTopK(2).withTopP(0.55), 0, 1, 0, 0);
  }

  @Test
  void temperatureComesFirst() {
    // p^2 / sum p^2 = (1, 16, 4, 9) / 30.
    assertFrequencies(
        Sampling.of(1, 0).withTemperature(0.5), 1 / 30.0, 16 / 30.0, 4 / 30.0, 9 / 30.0);
  }

  @Test
  void greedyTakesTheFirstOfEqualsAndReportsTemperatureOne() {
    TokenDraw draw = new TokenDraw(Sampling.greedy(1), 3);
    draw.draw(new float[] {1, 2, 2}, 0, new SplittableRandom(1));
    assertEquals(1, draw.token());
    assertEquals(-Math.log(Math.exp(-1) + 2), draw.logProb(), 1e-12);
    assertEquals(0, draw.samplingLogProb());
  }

  @Test
  void logitsThatAreNoNumbersAreRefused() {
    TokenDraw draw = new TokenDraw(Sampling.of(1, 0), 2);
    float[] logits = {0, Float.NaN};
    assertThrows(ArithmeticException.class, () -> draw.draw(logits, 0, new SplittableRandom(1)));
  }

  private static void assertFrequencies(Sampling sampling, double... expected) {
    float[] logits = new float[1 + P.length];
    for (int i = 0; i < P.length; i++) {
      logits[i + 1] = (float) (3 + Math.log(P[i]));
    }
    TokenDraw draw = new TokenDraw(sampling, P.length);
    SplittableRandom random = new SplittableRandom(5);
    int[] counts = new int[P.length];
    for (int n = 0; n < DRAWS; n++) {
      draw.draw(logits, 1, random);
      counts[draw.token()]++;
      assertEquals(Math.log(expected[draw.token()]), draw.samplingLogProb(), 1e-6);
    }
    for (int i = 0; i < P.length; i++) {
      double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / DRAWS);
      assertEquals(expected[i], counts[i] / (double) DRAWS, 4 * deviation);
    }
  }
}
