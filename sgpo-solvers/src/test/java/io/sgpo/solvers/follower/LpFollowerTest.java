package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Golden;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.PiecewiseAffine;
import io.sgpo.solvers.loss.Tangents;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ojalgo.optimisation.Optimisation;

class LpFollowerTest {
  private static final double TOLERANCE = 1e-9;

  /** The piecewise affine cases of dro_cases_small.json that are scaled for an LP solver. */
  @TestFactory
  Stream<DynamicTest> agreesWithTheGoldens() {
    List<JsonNode> cases =
        StreamSupport.stream(Golden.read("dro_cases_small.json").get("cases").spliterator(), false)
            .filter(c -> c.get("loss").asText().equals("pwl"))
            .filter(c -> c.get("expect").asText().equals("ok"))
            .filter(c -> !c.get("expected").get("highs_value").isNull())
            .toList();
    assertTrue(cases.size() >= 3, "cases: " + cases.size());
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> agrees(c)));
  }

  private static void agrees(JsonNode c) {
    JsonNode expected = c.get("expected");
    Ambiguity ambiguity =
        new Ambiguity(
            Golden.number(c.get("eps")),
            Golden.number(c.get("a")),
            Golden.number(c.get("b")),
            Tangents.at(Golden.numbers(c.get("knots"))));
    LpWorstCase worst = Followers.lp().solve(Golden.numbers(c.get("gaps")), ambiguity);
    assertEquals(expected.get("value").asDouble(), worst.value(), TOLERANCE);
    double low = Golden.number(expected.get("lambda_lo"));
    double high = Golden.number(expected.get("lambda_hi"));
    assertTrue(worst.dualPrice() >= low - TOLERANCE && worst.dualPrice() <= high + TOLERANCE);
    double[] moved = worst.moved();
    double[] gradient = worst.gradient();
    for (int i = 0; i < moved.length; i++) {
      if (expected.get("moved_unique").get(i).asBoolean()) {
        assertEquals(expected.get("moved").get(i).asDouble(), moved[i], 1e-7, "moved " + i);
      }
      if (expected.get("lambda_unique").asBoolean()
          && expected.get("grad_unique").get(i).asBoolean()) {
        assertEquals(expected.get("grad").get(i).asDouble(), gradient[i], 1e-8, "grad " + i);
      }
    }
  }

  /** The paper reports a drop at K = 7: the program has none, nor has the solver. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6, 7, 10})
  void agreesWithTheExactFollower(int count) {
    SplittableRandom random = new SplittableRandom(5);
    double[] gaps = random.doubles(25, -2, 3).toArray();
    Tangents tangents = Tangents.uniform(count, -3, 4);
    for (double radius : new double[] {0.01, 0.3, 1.5}) {
      Ambiguity ambiguity = new Ambiguity(radius, -3, 4, tangents);
      WorstCase exact = Followers.exact().solve(gaps, ambiguity);
      LpWorstCase worst = Followers.lp().solve(gaps, ambiguity);
      assertEquals(Status.SOLVED, worst.status());
      assertEquals(exact.value(), worst.value(), TOLERANCE);
      assertEquals(exact.dualPrice(), worst.dualPrice(), TOLERANCE);
      assertArrayEquals(exact.gradient(), worst.gradient(), TOLERANCE);
      assertArrayEquals(
          exact.weights(LeaderWeighting.ATOMS), worst.weights(LeaderWeighting.ATOMS), 1e-12);
    }
  }

  /** Σ_k s_ik = 1 is a constraint: weighted by it alone, the leader would be plain DPO. */
  @Test
  void variablesAreThoseOfThePaper() {
    double[] gaps = {-1, 0.5, 2};
    Tangents tangents = Tangents.uniform(6, -2, 3);
    LpWorstCase worst = Followers.lp().solve(gaps, new Ambiguity(0.4, -2, 3, tangents));
    double[][] s = worst.program().mixing();
    double[][] q = worst.program().displacements();
    double[] slopes = tangents.slopes();
    double[] weights = worst.weights(LeaderWeighting.TANGENT_MIXTURE);
    double spent = 0;
    for (int i = 0; i < gaps.length; i++) {
      assertEquals(1, Arrays.stream(s[i]).sum(), 1e-12);
      double mixture = 0;
      for (int k = 0; k < slopes.length; k++) {
        spent += Math.abs(q[i][k]);
        mixture -= s[i][k] * slopes[k];
        double position = s[i][k] * gaps[i] - q[i][k];
        assertTrue(position >= -2 * s[i][k] - 1e-12 && position <= 3 * s[i][k] + 1e-12);
      }
      assertEquals(mixture / -tangents.slope(gaps[i]), weights[i], 1e-12);
    }
    assertEquals(0.4 * gaps.length, spent, TOLERANCE);
  }

  /** max(−ξ, 2ξ) at the gap 0: moving right pays twice as much, so V = 2ε, λ* = 2, q = −ε. */
  @Test
  void movesMassRightWhereTheLossRises() {
    PiecewiseAffine vee = PiecewiseAffine.of(new double[] {-1, 2}, new double[] {0, 0});
    Ambiguity ambiguity = Ambiguity.wasserstein(0.5).support(-3, 3);
    FiniteSolution solution = FiniteProgram.solve(new double[] {0}, ambiguity, vee);
    assertEquals(Status.SOLVED, solution.status());
    assertEquals(1, solution.value(), TOLERANCE);
    assertEquals(2, solution.dualPrice(), TOLERANCE);
    assertTrue(solution.certificate() < 1e-8);
    assertEquals(-0.5, Arrays.stream(solution.displacements()[0]).sum(), TOLERANCE);
  }

  @Test
  void anInfiniteRadiusMovesAllToTheWorstEnd() {
    PiecewiseAffine vee = PiecewiseAffine.of(new double[] {-1, 2}, new double[] {0, 0});
    Ambiguity ambiguity = Ambiguity.wasserstein(Double.POSITIVE_INFINITY).support(-3, 2);
    assertEquals(4, FiniteProgram.solve(new double[] {0, 1}, ambiguity, vee).value(), TOLERANCE);
  }

  @Test
  void everyStateOfTheSolverIsMapped() {
    assertEquals(Status.SOLVED, FiniteProgram.status(Optimisation.State.OPTIMAL, 1));
    assertEquals(Status.SOLVED, FiniteProgram.status(Optimisation.State.DISTINCT, 1));
    for (Optimisation.State state :
        List.of(
            Optimisation.State.FAILED,
            Optimisation.State.INFEASIBLE,
            Optimisation.State.UNBOUNDED,
            Optimisation.State.FEASIBLE)) {
      assertEquals(Status.NOT_CONVERGED, FiniteProgram.status(state, 1));
    }
    assertEquals(
        Status.NOT_CONVERGED, FiniteProgram.status(Optimisation.State.OPTIMAL, Double.NaN));
  }

  @Test
  void refusesALossWithoutPieces() {
    String message =
        Refusals.message(
            () -> Followers.lp().solve(new double[] {0}, Ambiguity.wasserstein(1).support(-1, 1)));
    assertEquals(
        "the loss of the follower lp must be piecewise affine, but was logistic; use tangents, or"
            + " the follower exact",
        message);
  }

  @Test
  void refusesPiecesThatDoNotMatch() {
    assertEquals(
        "slopes and intercepts must be as many, and at least one, but were 2 and 1",
        Refusals.message(() -> PiecewiseAffine.of(new double[] {1, 2}, new double[] {1})));
    assertEquals(
        "intercept 1 must be finite, but was NaN",
        Refusals.message(
            () -> PiecewiseAffine.of(new double[] {1, 2}, new double[] {1, Double.NaN})));
    assertThrows(
        IllegalArgumentException.class, () -> PiecewiseAffine.of(new double[0], new double[0]));
  }

  /**
   * Narrow supports, gaps next to an end, radii far below both: ojAlgo's tolerances are absolute.
   */
  @Test
  void smallLengthsKeepTheirDigits() {
    SplittableRandom random = new SplittableRandom(5);
    for (int trial = 0; trial < 300; trial++) {
      double[] gaps = new double[1 + random.nextInt(8)];
      for (int i = 0; i < gaps.length; i++) {
        double size = Math.pow(10, random.nextDouble(-12, 0.7));
        gaps[i] = random.nextBoolean() ? size : -size;
      }
      Instance around = Instance.around(gaps, 0, 0, 0);
      double share = new double[] {0, 1e-9, 0.2, 0.999, 1.5}[trial % 5];
      Instance instance = around.withRadius(share * around.meanDistance());
      Tangents tangents = Tangents.uniform(4, instance.lower(), instance.upper());
      Ambiguity ambiguity =
          new Ambiguity(instance.radius(), instance.lower(), instance.upper(), tangents);
      WorstCase worst = Followers.lp().solve(gaps, ambiguity);
      double slack = 5e-9 * instance.scale(tangents);
      assertEquals(instance.solve(tangents).value(), worst.value(), slack, instance::toString);
      assertTrue(worst.certificate() <= slack, () -> worst.certificate() + ": " + instance);
    }
  }

  /** A piece that is nowhere the largest changes nothing, however far below the others it is. */
  @Test
  void aPieceFarBelowTheOthersIsNoMatter() {
    for (double width : new double[] {1, 1e-9, 1e-12}) {
      double[] gaps = {-0.3 * width, 0.5 * width, 0.9 * width};
      Ambiguity ambiguity = Ambiguity.wasserstein(0.4 * width).support(-width, width);
      double alone =
          FiniteProgram.solve(
                  gaps, ambiguity, PiecewiseAffine.of(new double[] {-1, 0.5}, new double[] {0, 0}))
              .value();
      for (double far : new double[] {-2, -1e4, -1e8}) {
        PiecewiseAffine more =
            PiecewiseAffine.of(new double[] {-1, 0.5, 2}, new double[] {0, 0, far});
        FiniteSolution solution = FiniteProgram.solve(gaps, ambiguity, more);
        assertEquals(alone, solution.value(), 1e-8 * width, "far " + far + ", width " + width);
      }
    }
  }

  /** Steep pieces far from 0: their rounding is no break of the Lipschitz constant. */
  @Test
  void steepPiecesFarFromZeroAreLegal() {
    PiecewiseAffine steep = PiecewiseAffine.of(new double[] {-1e8, 0}, new double[] {1e11, 0});
    Ambiguity ambiguity = Ambiguity.wasserstein(0.01).support(999.9, 1001);
    double[] gaps = {999.9999999, 999.99999990001, 1000.5};
    FiniteSolution solution = FiniteProgram.solve(gaps, ambiguity, steep);
    // the mean is (10 + 9.999)/3, and the radius is spent at the slope 1e8
    assertEquals(1e8 * 0.01 + (10 + 9.999) / 3, solution.value(), 1);
  }
}
