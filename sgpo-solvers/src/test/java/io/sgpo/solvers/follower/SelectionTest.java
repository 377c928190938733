package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.follower.GapLoss;
import org.junit.jupiter.api.Test;

/** Candidates from 1 to 2 with a = 0, and what is left of a budget. */
class SelectionTest {
  private static final GapLoss LOSS = GapLoss.logistic();

  private static Marginal select(double budget, double... gaps) {
    GapSummary summary = GapSummary.of(new DoubleGaps(gaps), 0);
    Range range = new Range(1, 2);
    Tail tail = new Tail(range, 8, LOSS);
    tail.add(gaps, 0, gaps.length);
    return Selection.of(
        new Bracket(
            summary,
            new DoubleDouble(budget, 0),
            0,
            DoubleDouble.ZERO,
            range,
            tail.candidates().count(),
            false),
        tail);
  }

  /** 1 and 1 move for 2, of 2 and 2 the remaining 1 moves a quarter. */
  @Test
  void theBudgetEndsInACandidate() {
    Marginal marginal = select(3, 2, 1, 5, 2, 1);
    assertEquals(new Transport(2, 0.25), marginal.plan());
    assertEquals(2, marginal.moved());
    assertEquals(2, marginal.tied());
    assertEquals(1, marginal.left());
    assertEquals(LOSS.value(5), marginal.rest(), 1e-16);
  }

  /** Sums that promised more than the candidates cost: 1 + 2 of 10, the next gap is 5. */
  @Test
  void aBudgetBeyondTheCandidatesEndsOnTheNextGap() {
    Marginal marginal = select(10, 7, 1, 5, 2);
    assertEquals(new Transport(5, 0), marginal.plan());
    assertEquals(2, marginal.moved());
    assertEquals(0, marginal.tied());
    assertEquals(7, marginal.left());
    assertEquals(LOSS.value(5) + LOSS.value(7), marginal.rest(), 1e-16);
  }

  @Test
  void aBudgetBeyondAllGapsMovesAll() {
    Marginal marginal = select(10, 1, 2);
    assertEquals(new Transport(2, 1), marginal.plan());
    assertEquals(2, marginal.moved());
    assertEquals(0, marginal.tied());
    assertEquals(0, marginal.rest());
  }

  /** Nothing is left, or less than nothing by rounding: no candidate moves, all losses stay. */
  @Test
  void aSpentBudgetEndsOnTheFirstCandidate() {
    for (double budget : new double[] {0, -0x1p-60}) {
      Marginal marginal = select(budget, 2, 1.5, 1, 6);
      assertEquals(new Transport(1, 0), marginal.plan());
      assertEquals(0, marginal.moved());
      double all = LOSS.value(1) + LOSS.value(1.5) + LOSS.value(2) + LOSS.value(6);
      assertEquals(all, marginal.rest() + marginal.tied() * LOSS.value(1), 1e-15);
    }
  }
}
