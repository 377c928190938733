package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamedWorstCaseTest {

  private static StreamedWorstCase solve(Ambiguity ambiguity, double... gaps) {
    return StreamingFollower.solve(GapQuery.of(ambiguity), List.of(GapPartition.of(gaps)));
  }

  private static Ambiguity ball(double radius) {
    return Ambiguity.wasserstein(radius).support(-1, 5);
  }

  /** The gap 1 costs 2 and moves wholly, of 3 the rest of 4 · 3/4 is a quarter of its 4. */
  @Test
  void tellsWhatThePassesFound() {
    StreamedWorstCase worst = solve(ball(0.75), 3, 1, 5, 4);
    assertEquals(1, worst.min());
    assertEquals(5, worst.max());
    assertEquals(3.25, worst.mean());
    assertEquals(4, worst.size());
    assertEquals(3, worst.threshold());
    assertEquals(0.25, worst.fraction());
    assertEquals(2, worst.atom(3)); // ¾ · 3 − ¼
    assertEquals(0.75 / 4.25, worst.saturation());
    assertSame(worst, worst.orElseThrow());
    assertEquals(
        "StreamedWorstCase[SOLVED, value="
            + worst.value()
            + ", dualPrice="
            + GapLoss.logistic().chordSlope(-1, 3)
            + ", threshold=3.0, saturation="
            + 0.75 / 4.25
            + ", size=4, passes=2]",
        worst.toString());
  }

  @Test
  void withoutRadiusEveryWeightIsOne() {
    StreamedWorstCase worst = solve(ball(0), 3, 1);
    for (LeaderWeighting weighting : LeaderWeighting.values()) {
      assertEquals(1, worst.weight(1, weighting));
      assertEquals(0.5, worst.leader(weighting).coefficient(0, 0));
    }
    assertEquals(Double.NaN, worst.threshold());
  }

  /**
   * On [0, 900] the gap 800 moves wholly and 900 by half. The logistic loss is flat there to the
   * last digit, so a ratio of slopes would say nothing: the leader's coefficient is λ* itself.
   */
  @Test
  void theLeadersCoefficientIsThePriceWhereTheLossIsFlat() {
    StreamedWorstCase worst = solve(Ambiguity.wasserstein(625).support(0, 900), 900, 800);
    assertEquals(0.5, worst.fraction());
    assertEquals(Math.log(2) / 900, worst.dualPrice(), 1e-18);
    assertEquals(
        worst.dualPrice(), worst.leader(LeaderWeighting.ENVELOPE).coefficient(0, 800), 1e-18);
    assertEquals(
        worst.dualPrice() / 2, worst.leader(LeaderWeighting.ENVELOPE).coefficient(0, 900), 1e-18);
  }

  @Test
  void aLossThatIsNotANumberDoesNotConverge() {
    GapLoss broken =
        new GapLoss() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public double value(double gap) {
            return gap > 2 ? Double.NaN : -gap;
          }

          @Override
          public double slope(double gap) {
            return -1;
          }
        };
    StreamedWorstCase worst = solve(ball(0.5).loss(broken), 3, 1);
    assertEquals(Status.NOT_CONVERGED, worst.status());
    String message = assertThrows(IllegalStateException.class, worst::orElseThrow).getMessage();
    assertEquals("the follower did not converge: the value is NaN", message);
  }
}
