package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.follower.DualSearch.Bracket;
import io.sgpo.solvers.follower.DualSearch.Inner;
import io.sgpo.solvers.follower.DualSearch.Priced;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DualSearchTest {
  private static final double TOLERANCE = 1e-14;

  /** Plans that gain 0, 2 and 3 and spend 0, 1 and 2: the second up to λ = 2, the third to 1. */
  private static final Inner THREE_PLANS =
      price -> {
        double spent = price >= 2 ? 0 : price >= 1 ? 1 : 2;
        return new Priced(price, spent == 0 ? 0 : 1 + spent, spent);
      };

  /** Radius 3/2 lies between the plans that spend 1 and 2: half of each, 5/2, at the price 1. */
  @Test
  void mixesTheTwoPlansAroundTheRadius() {
    Bracket bracket = DualSearch.minimise(THREE_PLANS, 1.5, 0.75, TOLERANCE);
    assertEquals(2.5, bracket.dual(), 1e-13);
    assertEquals(2.5, bracket.primal(), 1e-13);
    assertEquals(1, bracket.price(), 1e-13);
    assertEquals(0.5, bracket.share());
    assertEquals(2, bracket.over().spent());
    assertEquals(1, bracket.within().spent());
    assertTrue(bracket.gap() < 1e-13);
  }

  /** Radius ¼: a quarter of the plan that spends 1, gain ½, at the price 2. */
  @Test
  void doublesTheFirstPriceUntilThePlanIsWithinTheRadius() {
    List<Double> asked = new ArrayList<>();
    Inner counted =
        price -> {
          asked.add(price);
          return THREE_PLANS.at(price);
        };
    Bracket bracket = DualSearch.minimise(counted, 0.25, 0.375, TOLERANCE);
    assertEquals(List.of(0.0, 0.375, 0.75, 1.5, 3.0), asked.subList(0, 5));
    assertEquals(0.5, bracket.dual(), 1e-13);
    assertEquals(0.5, bracket.primal(), 1e-13);
    assertEquals(2, bracket.price(), 1e-13);
    assertEquals(0.25, bracket.share());
  }

  /** At the crossing of two supporting lines, (3 − 0)/(2 − 0) = 3/2, the plan of 1 comes up. */
  @Test
  void triesTheCrossingFirstAndTheMiddleNext() {
    List<Double> asked = new ArrayList<>();
    Inner counted =
        price -> {
          asked.add(price);
          return THREE_PLANS.at(price);
        };
    DualSearch.minimise(counted, 0.25, 4, TOLERANCE);
    // then between 3/2 and 4, and the crossing (2 − 0)/(1 − 0) = 2
    assertEquals(List.of(0.0, 4.0, 1.5, 2.75, 2.0), asked);
  }

  /** A radius that no plan exceeds has no price; one that equals the spending does not either. */
  @Test
  void aSlackRadiusHasNoPrice() {
    for (double radius : new double[] {2, 5}) {
      Bracket bracket = DualSearch.minimise(THREE_PLANS, radius, 1, TOLERANCE);
      assertEquals(0, bracket.price());
      assertEquals(0, bracket.share());
      assertEquals(3, bracket.dual());
      assertEquals(3, bracket.primal());
      assertEquals(0, bracket.gap());
    }
  }

  /** D(λ) = gain + λ (ε − spent). */
  @Test
  void theDualByHand() {
    assertEquals(7 + 3 * (0.5 - 2), new Priced(3, 7, 2).dual(0.5));
  }

  /** gain 2√s − λ s, s = 1/λ²: D = λε + 1/λ, least at λ = 1/√ε, where it is 2√ε. */
  @Test
  void aSmoothDualByHand() {
    Inner smooth =
        price -> {
          double spent = Math.min(1e6, 1 / (price * price));
          return new Priced(price, 2 * Math.sqrt(spent), spent);
        };
    Bracket bracket = DualSearch.minimise(smooth, 0.16, 1, TOLERANCE);
    assertEquals(0.8, bracket.dual(), 1e-13);
    assertEquals(0.8, bracket.primal(), 1e-13);
    assertEquals(2.5, bracket.price(), 1e-6);
  }
}
