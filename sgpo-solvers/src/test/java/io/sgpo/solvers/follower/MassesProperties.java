package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The exact follower of gaps with masses. */
class MassesProperties {

  private static final ExactFollower FOLLOWER = new ExactFollower();
  private static final GapLoss LOSS = GapLoss.logistic();

  /** Of differences; V is curved by less than 1, and kinks of it are further apart than this. */
  private static final double STEP = 1e-6;

  /**
   * By hand: a = 0, masses ¼ at 1 and ¾ at 2, budget ½: the first moves whole (¼), ⅙ of the second.
   */
  @Example
  void byHand() {
    WorstCase worst =
        FOLLOWER.solve(
            new double[] {2, 1}, new double[] {3, 1}, Ambiguity.wasserstein(0.5).support(0, 3));
    assertEquals(Status.SOLVED, worst.status());
    assertArrayEquals(new double[] {1.0 / 6, 1}, worst.moved(), 1e-15);
    double price = (LOSS.value(0) - LOSS.value(2)) / 2;
    assertEquals(price, worst.dualPrice(), 1e-15);
    assertEquals(2, worst.threshold());
    assertEquals(0.5 / 1.75, worst.saturation(), 1e-15);
    double value = 0.25 * LOSS.value(0) + 0.75 * (LOSS.value(0) / 6 + 5 * LOSS.value(2) / 6);
    assertEquals(value, worst.value(), 1e-15);
    double g = 5 * -LOSS.slope(2) / 6 + price / 6;
    assertArrayEquals(new double[] {-0.75 * g, -0.25 * price}, worst.gradient(), 1e-15);
    assertArrayEquals(new double[] {10.0 / 6, 0}, worst.atoms(), 1e-15);
    assertTrue(worst.certificate() < 1e-10);
    LeaderRule rule = worst.leader(LeaderWeighting.ENVELOPE);
    assertEquals(price, rule.coefficient(0, 1.9), 1e-15);
    assertEquals(-LOSS.slope(2.1), rule.coefficient(0, 2.1), 1e-15);
    // all moved mass, ¼·0 + ¾ of budget ½ above min 1, is shared on the gap at the minimum
    double[] weights = worst.weights(LeaderWeighting.ATOMS);
    assertArrayEquals(new double[] {1.0 / 3, 1 + 0.5 / 0.25}, weights, 1e-15);
  }

  /** A mass of k is k gaps: what {@link ExactFollower} says of them without masses. */
  @Property(tries = 200)
  void aWholeMassIsThatManyGaps(
      @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = -3, max = 3) Double> drawn,
      @ForAll @Size(8) List<@IntRange(min = 1, max = 4) Integer> counts,
      @ForAll @DoubleRange(min = 0, max = 1.2) double share,
      @ForAll LeaderWeighting weighting) {
    double[] gaps = drawn.stream().mapToDouble(gap -> gap).toArray();
    double[] masses = counts.stream().limit(gaps.length).mapToDouble(count -> count).toArray();
    double[] repeated = new double[(int) Arrays.stream(masses).sum()];
    int[] first = new int[gaps.length];
    int next = 0;
    for (int i = 0; i < gaps.length; i++) {
      first[i] = next;
      for (int k = 0; k < counts.get(i); k++) {
        repeated[next++] = gaps[i];
      }
    }
    double useful = Arrays.stream(repeated).average().orElseThrow() + 4;
    Ambiguity set = Ambiguity.wasserstein(share * useful).support(-4, 4);
    WorstCase expected = FOLLOWER.solve(repeated, set);
    WorstCase worst = FOLLOWER.solve(gaps, masses, set);
    assertEquals(expected.value(), worst.value(), 1e-12);
    assertEquals(expected.saturation(), worst.saturation(), 1e-12);
    assertTrue(worst.certificate() < 1e-9);
    if (expected.dualPrice() == worst.dualPrice()) { // rounding may decide a spent budget otherwise
      double[] moved = expected.moved();
      double[] weights = expected.weights(weighting);
      double[] gradient = expected.gradient();
      for (int i = 0; i < gaps.length; i++) {
        assertEquals(moved[first[i]], worst.moved()[i], 1e-9);
        assertEquals(counts.get(i) * gradient[first[i]], worst.gradient()[i], 1e-9);
        double weight = weights[first[i]];
        assertEquals(weight, worst.weights(weighting)[i], 1e-9 * (1 + Math.abs(weight)));
        assertEquals(
            expected.leader(weighting).coefficient(first[i], gaps[i]),
            worst.leader(weighting).coefficient(i, gaps[i]),
            1e-9);
      }
    }
  }

  /** ∂V/∂ξ_i lies between the difference quotients to the two sides: where V is smooth, at both. */
  @Property(tries = 100)
  void gradientsLieBetweenTheOneSidedDerivatives(
      @ForAll @Size(6) List<@DoubleRange(min = -1, max = 1) Double> noise,
      @ForAll @Size(6) List<@DoubleRange(min = 0.1, max = 1) Double> drawn,
      @ForAll @DoubleRange(min = 0.05, max = 0.8) double share) {
    double[] masses = drawn.stream().mapToDouble(mass -> mass).toArray();
    double[] gaps = new double[6];
    Arrays.setAll(gaps, i -> i - 2.5 + 0.4 * noise.get(i));
    double mean = 0;
    for (int i = 0; i < 6; i++) {
      mean += masses[i] * gaps[i] / Arrays.stream(masses).sum();
    }
    Ambiguity set = Ambiguity.wasserstein(share * (mean + 5)).support(-5, 5);
    double[] gradient = FOLLOWER.solve(gaps, masses, set).gradient();
    for (int i = 0; i < 6; i++) {
      double left = quotient(gaps, masses, set, i, -STEP);
      double right = quotient(gaps, masses, set, i, STEP);
      assertTrue(gradient[i] >= Math.min(left, right) - STEP, "gap " + i);
      assertTrue(gradient[i] <= Math.max(left, right) + STEP, "gap " + i);
    }
  }

  /**
   * Six equal masses, 2.5 and 3.5 from a, spend the budget of 6 between the second gap and the
   * third. A moved gap that comes closer to a leaves some to the third, one that goes further takes
   * it from the second: V has a kink, and the gradient is that of the lower price.
   */
  @Example
  void aBudgetSpentBetweenTwoGapsHasTheLowerPrice() {
    double[] gaps = {-2.5, -1.5, -0.5, 0.5, 1.5, 2.5};
    double[] masses = {1, 1, 1, 1, 1, 1};
    Ambiguity set = Ambiguity.wasserstein(1).support(-5, 5);
    WorstCase worst = FOLLOWER.solve(gaps, masses, set);
    assertArrayEquals(new double[] {1, 1, 0, 0, 0, 0}, worst.moved(), 1e-15);
    double third = LOSS.chordSlope(-5, -0.5);
    assertEquals(third, worst.dualPrice(), 1e-15);
    for (int i = 0; i < 6; i++) {
      double left = i < 2 ? -third : LOSS.slope(gaps[i]);
      double right = i < 2 ? -LOSS.chordSlope(-5, -1.5) : LOSS.slope(gaps[i]);
      assertEquals(left / 6, worst.gradient()[i], 1e-15);
      assertEquals(left / 6, quotient(gaps, masses, set, i, -STEP), STEP);
      assertEquals(right / 6, quotient(gaps, masses, set, i, STEP), STEP);
    }
  }

  private static double quotient(
      double[] gaps, double[] masses, Ambiguity set, int index, double step) {
    double[] shifted = gaps.clone();
    shifted[index] += step;
    double change =
        FOLLOWER.solve(shifted, masses, set).value() - FOLLOWER.solve(gaps, masses, set).value();
    return change / step;
  }

  @Example
  void nominalAndSaturated() {
    double[] gaps = {1, -1};
    double[] masses = {1, 3};
    WorstCase nominal = FOLLOWER.solve(gaps, masses, Ambiguity.wasserstein(0).support(-2, 2));
    assertEquals(Status.NOMINAL, nominal.status());
    assertEquals(0.25 * LOSS.value(1) + 0.75 * LOSS.value(-1), nominal.value(), 1e-15);
    assertEquals(LOSS.chordSlope(-2, -1), nominal.dualPrice());
    assertTrue(Double.isNaN(nominal.threshold()));
    WorstCase saturated = FOLLOWER.solve(gaps, masses, Ambiguity.wasserstein(1.5).support(-2, 2));
    assertEquals(Status.SATURATED, saturated.status());
    assertEquals(LOSS.value(-2), saturated.value(), 1e-15);
    assertArrayEquals(new double[] {1, 1}, saturated.moved());
    assertArrayEquals(new double[] {0, 0}, saturated.weights(LeaderWeighting.ENVELOPE));
  }

  @Example
  void domains() {
    Ambiguity set = Ambiguity.wasserstein(0.1).support(-2, 2);
    double[] gaps = {0, 1};
    for (double[] masses :
        new double[][] {{1}, {1, -1}, {1, Double.NaN}, {0, 0}, {1, Double.POSITIVE_INFINITY}}) {
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> FOLLOWER.solve(gaps, masses, set))
                  .getMessage());
      assertTrue(message.contains("mass"), message);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> FOLLOWER.solve(new double[] {3}, new double[] {1}, set));
  }
}
