package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrimalDualFollowerTest {

  /** By hand, as for the exact follower: a = 0, gaps 1 and 3, budget 2; gap 3 moves by a third. */
  @Test
  void twoGapsByHand() {
    WorstCase worst =
        Followers.primalDual().solve(new double[] {1, 3}, Ambiguity.wasserstein(1).support(0, 4));
    double slope = (Math.log(2) - Math.log1p(Math.exp(-3))) / 3;
    assertEquals(Status.SOLVED, worst.status());
    assertArrayEquals(new double[] {1, 1.0 / 3}, worst.moved(), 1e-15);
    assertEquals(3, worst.threshold());
    assertEquals(slope, worst.dualPrice(), 1e-15);
    assertEquals(slope, worst.leader(LeaderWeighting.ENVELOPE).coefficient(1, 2.9), 1e-15);
  }

  /** Without ties the optimum is unique: every array is that of the exact follower. */
  @Test
  void agreesWithTheExactFollowerOnManyGaps() {
    SplittableRandom random = new SplittableRandom(11);
    double[] gaps = random.doubles(20_000, -3, 4).toArray();
    for (double radius : new double[] {1e-6, 0.01, 0.5, 3}) {
      Ambiguity ambiguity = Ambiguity.wasserstein(radius).support(-4, 5);
      WorstCase exact = Followers.exact().solve(gaps, ambiguity);
      WorstCase worst = Followers.primalDual().solve(gaps, ambiguity);
      assertEquals(exact.value(), worst.value(), 1e-14);
      assertEquals(exact.dualPrice(), worst.dualPrice(), 1e-14);
      assertEquals(exact.threshold(), worst.threshold());
      assertArrayEquals(exact.moved(), worst.moved(), 1e-6);
      assertTrue(worst.certificate() < 1e-11, () -> "certificate " + worst.certificate());
      for (LeaderWeighting weighting : LeaderWeighting.values()) {
        assertArrayEquals(exact.weights(weighting), worst.weights(weighting), 1e-6);
      }
    }
  }

  /** A budget spent exactly on the first of two gaps: the lowest price is the second's slope. */
  @Test
  void takesTheLowestPriceOfASpentBudget() {
    WorstCase worst =
        Followers.primalDual().solve(new double[] {1, 3}, Ambiguity.wasserstein(0.5).support(0, 4));
    assertArrayEquals(new double[] {1, 0}, worst.moved(), 1e-15);
    assertEquals(GapLoss.logistic().chordSlope(0, 3), worst.dualPrice(), 1e-15);
  }

  @Test
  void aLossThatBreaksDownDoesNotConverge() {
    GapLoss broken =
        new GapLoss() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public double value(double gap) {
            return gap > 0 ? Double.NaN : -gap;
          }

          @Override
          public double slope(double gap) {
            return -1;
          }
        };
    WorstCase worst =
        Followers.primalDual().solve(new double[] {-0.5, 0.5}, new Ambiguity(0.1, -1, 1, broken));
    assertEquals(Status.NOT_CONVERGED, worst.status());
    assertThrows(IllegalStateException.class, worst::orElseThrow);
  }
}
