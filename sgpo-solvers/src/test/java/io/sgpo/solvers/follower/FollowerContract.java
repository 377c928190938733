package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Refusals;
import io.sgpo.spi.Follower;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every follower of the Wasserstein ball. */
abstract class FollowerContract {
  static final int TRIES = 60;

  /** The follower under test. */
  abstract Follower follower();

  /** The losses it takes. */
  List<GapLoss> losses(Instance instance) {
    return instance.losses();
  }

  /** By how much its value may be below that of the Wasserstein ball, rounding aside. */
  double below(Instance instance, GapLoss loss) {
    return 0;
  }

  /** By how much its value may be above that of the Wasserstein ball, rounding aside. */
  double above() {
    return 0;
  }

  /** Error of a solve relative to the problem's scale. */
  double tolerance() {
    return 1e-11;
  }

  /** Whether of an interval of optimal prices it reports the lowest. */
  boolean reportsTheLowestPrice() {
    return true;
  }

  @Provide
  Arbitrary<Instance> instances() {
    return Instance.any();
  }

  @Example
  void isFoundByItsName() {
    assertEquals(
        1,
        ServiceLoader.load(Follower.class).stream()
            .filter(found -> found.get().name().equals(follower().name()))
            .count());
  }

  @Property(tries = TRIES)
  void valueIsThatOfTheBall(@ForAll("instances") Instance instance) {
    for (GapLoss loss : losses(instance)) {
      double slack = tolerance() * instance.scale(loss);
      double exact = instance.solve(loss).value();
      double value = solve(instance, loss).orElseThrow().value();
      assertTrue(value <= exact + above() + slack, () -> loss.name() + ": " + value);
      assertTrue(value >= exact - below(instance, loss) - slack, () -> loss.name() + ": " + value);
    }
  }

  /** mean ≤ V ≤ min( ℓ(a), mean + L ε ), with L = |ℓ'(a)|, 1 for the logistic loss. */
  @Property(tries = TRIES)
  void valueLiesBetweenTheMeanAndItsBounds(@ForAll("instances") Instance instance) {
    for (GapLoss loss : losses(instance)) {
      double slack = tolerance() * instance.scale(loss);
      double value = solve(instance, loss).value();
      double mean = Arrays.stream(instance.gaps()).map(loss::value).average().orElseThrow();
      double most =
          Math.min(
              loss.value(instance.lower()),
              mean - loss.slope(instance.lower()) * instance.radius());
      assertTrue(value >= mean - slack, () -> "below the mean: " + value);
      assertTrue(value <= most + above() + slack, () -> "above its bound: " + value);
    }
  }

  @Property(tries = TRIES)
  void planIsWithinTheBudgetAndItsCertificateIsSmall(@ForAll("instances") Instance instance) {
    for (GapLoss loss : losses(instance)) {
      double slack = tolerance() * instance.scale(loss);
      WorstCase worst = solve(instance, loss);
      double certificate = worst.certificate();
      assertTrue(certificate >= 0 && certificate <= slack, () -> "certificate " + certificate);
      double[] moved = worst.moved();
      double[] atoms = worst.atoms();
      double spent = 0;
      for (int i = 0; i < moved.length; i++) {
        double distance = instance.gaps()[i] - instance.lower();
        assertTrue(moved[i] >= 0 && moved[i] <= 1, "moved " + moved[i]);
        assertEquals(instance.gaps()[i] - moved[i] * distance, atoms[i], slack);
        spent += moved[i] * distance;
      }
      assertTrue(spent / moved.length <= instance.radius() + slack, "overspent");
      assertEquals(moved.length, worst.size());
    }
  }

  @Property(tries = TRIES)
  void withoutRadiusEveryWeightingIsDpo(@ForAll("instances") Instance instance) {
    Instance still = instance.withRadius(0);
    double[] ones = new double[instance.gaps().length];
    Arrays.fill(ones, 1);
    for (GapLoss loss : losses(instance)) {
      WorstCase worst = solve(still, loss);
      assertEquals(Status.NOMINAL, worst.status());
      assertEquals(0, worst.saturation());
      assertEquals(
          Arrays.stream(instance.gaps()).map(loss::value).average().orElseThrow(),
          worst.value(),
          tolerance() * instance.scale(loss));
      assertArrayEquals(new double[ones.length], worst.moved(), 0);
      assertEquals(Double.NaN, worst.threshold());
      for (LeaderWeighting weighting : LeaderWeighting.values()) {
        assertArrayEquals(ones, worst.weights(weighting), 0);
        assertEquals(LeaderRules.dpo(0.3), worst.leader(weighting).coefficient(0, 0.3));
      }
    }
  }

  @Property(tries = TRIES)
  void saturatesWhereAllMassCanReachTheLowerEnd(@ForAll("instances") Instance instance) {
    Instance wide = instance.withRadius(2 * instance.meanDistance() + 2);
    for (GapLoss loss : losses(wide)) {
      WorstCase worst = solve(wide, loss);
      assertEquals(Status.SATURATED, worst.status());
      assertTrue(worst.saturation() > 1);
      assertEquals(0, worst.dualPrice());
      double atLower = loss.value(wide.lower());
      double slack = tolerance() * wide.scale(loss);
      assertTrue(worst.value() <= atLower + above() + slack);
      assertTrue(worst.value() >= atLower - below(wide, loss) - slack);
    }
  }

  @Property(tries = TRIES)
  void orderOfTheGapsDoesNotMatter(@ForAll("instances") Instance instance) {
    double[] reversed = instance.gaps().clone();
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = instance.gaps()[reversed.length - 1 - i];
    }
    for (GapLoss loss : losses(instance)) {
      WorstCase worst = solve(instance, loss);
      WorstCase other = solve(instance.withGaps(reversed), loss);
      double slack = tolerance() * instance.scale(loss);
      assertEquals(worst.value(), other.value(), slack);
      if (!reportsTheLowestPrice()
          || Math.abs(instance.radius() - instance.meanDistance()) < 1e-9) {
        continue; // rounding decides whether it saturates, and the price jumps there
      }
      // pairs of nearly equal gaps share a value, to rounding, and not quite a price
      assertEquals(worst.dualPrice(), other.dualPrice(), 1e4 * slack);
    }
  }

  @Property(tries = TRIES)
  void gradientPointsDownAndWeightsAreRelativeToIt(@ForAll("instances") Instance instance) {
    for (GapLoss loss : losses(instance)) {
      WorstCase worst = solve(instance, loss);
      double[] gradient = worst.gradient();
      double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
      for (int i = 0; i < gradient.length; i++) {
        double steepness = -loss.slope(instance.gaps()[i]);
        assertTrue(gradient[i] <= 0 && weights[i] >= 0);
        if (steepness > 0) {
          assertEquals(
              -gradient[i] * gradient.length / steepness, weights[i], 1e-9 * (1 + weights[i]));
        }
      }
    }
  }

  /** Central differences of a problem without ties: the marginal pair is split. */
  @Example
  void gradientIsTheDerivativeInTheGaps() {
    double[] gaps = {-1.3, 0.2, 0.9, 1.7, 2.6};
    Instance instance = new Instance(gaps, -2.1, 4, 0.7);
    for (GapLoss loss : losses(instance)) {
      WorstCase worst = solve(instance, loss);
      double[] gradient = worst.gradient();
      double step = 1e-5;
      for (int i = 0; i < gaps.length; i++) {
        double up = solve(shifted(instance, i, step), loss).value();
        double down = solve(shifted(instance, i, -step), loss).value();
        assertEquals(gradient[i], (up - down) / (2 * step), 1e-7, loss.name() + " pair " + i);
      }
      double more = solve(instance.withRadius(0.7 + step), loss).value();
      double less = solve(instance.withRadius(0.7 - step), loss).value();
      assertEquals(worst.dualPrice(), (more - less) / (2 * step), 1e-6, loss.name());
    }
  }

  /** At the solved gaps the rule is weight times σ(−ξ), under every weighting. */
  @Example
  void leaderAtTheSolvedGapsIsWeightTimesSigma() {
    double[] gaps = {-1.3, 0.2, 0.9, 1.7, 2.6};
    Instance instance = new Instance(gaps, -2.1, 4, 0.7);
    for (GapLoss loss : losses(instance)) {
      WorstCase worst = solve(instance, loss);
      for (LeaderWeighting weighting : LeaderWeighting.values()) {
        double[] weights = worst.weights(weighting);
        LeaderRule rule = worst.leader(weighting);
        for (int i = 0; i < gaps.length; i++) {
          assertEquals(weights[i] * LeaderRules.dpo(gaps[i]), rule.coefficient(i, gaps[i]), 1e-9);
        }
      }
      double total = Arrays.stream(worst.weights(LeaderWeighting.ATOMS)).sum();
      assertEquals(gaps.length, total, 1e-9);
    }
  }

  @Example
  void refusesWhatIsNoProblem() {
    GapLoss loss = losses(new Instance(new double[] {0}, -1, 1, 0.1)).get(0);
    Ambiguity ambiguity = new Ambiguity(0.1, -1, 1, loss);
    assertEquals("gaps must not be empty", refusal(ambiguity));
    assertTrue(refusal(ambiguity, 0, Double.NaN).contains("gap 1 was NaN"));
    assertTrue(refusal(ambiguity, Double.NEGATIVE_INFINITY).contains("gap 0 was -Infinity"));
    assertTrue(refusal(ambiguity, 0, 0.5, 1.5).contains("gap 2 was 1.5"));
  }

  private String refusal(Ambiguity ambiguity, double... gaps) {
    return Refusals.message(() -> follower().solve(gaps, ambiguity));
  }

  @Example
  void leavesTheGapsAlone() {
    double[] gaps = {0.5, -0.5, 0.25};
    Instance instance = new Instance(gaps, -1, 1, 0.3);
    solve(instance, losses(instance).get(0)).moved()[0] = 7;
    assertArrayEquals(new double[] {0.5, -0.5, 0.25}, gaps, 0);
  }

  WorstCase solve(Instance instance, GapLoss loss) {
    return follower()
        .solve(
            instance.gaps(),
            new Ambiguity(instance.radius(), instance.lower(), instance.upper(), loss));
  }

  private static Instance shifted(Instance instance, int pair, double step) {
    double[] gaps = instance.gaps().clone();
    gaps[pair] += step;
    return instance.withGaps(gaps);
  }
}
