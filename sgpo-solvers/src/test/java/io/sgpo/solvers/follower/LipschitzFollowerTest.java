package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.LineLoss;
import io.sgpo.solvers.loss.PiecewiseAffine;
import io.sgpo.solvers.loss.PreferenceLoss;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LipschitzFollowerTest {
  private static final double[] GAPS = {-1.5, -0.25, 0.25, 0.5, 2};

  /** sin 3z, of slope 3 and curvature 9. */
  private static final LineLoss SINE =
      LineLoss.weaklyConvex("sine", z -> Math.sin(3 * z), z -> 3 * Math.cos(3 * z), 3, 9);

  /** |sin 3z|, of which only the slope is known. */
  private static final LineLoss RECTIFIED =
      LineLoss.lipschitz(
          "rectified sine",
          z -> Math.abs(Math.sin(3 * z)),
          z -> 3 * Math.cos(3 * z) * Math.signum(Math.sin(3 * z)),
          3);

  /** A tent on the left and a higher one on the right: concave kinks at −1 and 1. */
  private static final LineLoss TENTS = tents(0, -2, -1, 0, 1, 3);

  private static LineLoss tents(double modulus, double... breakpoints) {
    return LineLoss.weaklyConvex(
        "tents",
        LipschitzFollowerTest::tent,
        z -> (tent(z + 1e-9) - tent(z)) / 1e-9,
        2,
        modulus,
        breakpoints);
  }

  private static double tent(double z) {
    return Math.max(Math.max(0, 1 - Math.abs(z + 1)), 2 - 2 * Math.abs(z - 1));
  }

  private static Ambiguity ball(double radius) {
    return Ambiguity.wasserstein(radius).support(-2, 3);
  }

  private static LineWorstCase solve(double radius, LineLoss loss, double... gaps) {
    return Followers.lipschitz().solve(gaps, ball(radius), loss);
  }

  /** max(−z, 2z) at the gap 0: mass goes to 3 at the rate 2, so V = 2ε and a sixth of it moves. */
  @Test
  void movesMassRightWhereTheLossRises() {
    LineLoss vee = LineLoss.convex("vee", z -> Math.max(-z, 2 * z), z -> z < 0 ? -1 : 2);
    LineWorstCase worst = solve(0.5, vee, 0);
    assertEquals(Status.SOLVED, worst.status());
    assertEquals(1, worst.value(), 1e-14);
    assertEquals(2, worst.dualPrice(), 1e-14);
    assertArrayEquals(new double[] {1.0 / 6}, worst.moved(), 1e-14);
    assertArrayEquals(new double[] {0.5}, worst.displacements(), 1e-14);
    assertArrayEquals(new double[] {0.5}, worst.positions(), 1e-14);
    assertEquals(List.of(0.0, 3.0), worst.atoms(0).stream().map(a -> a.position()).toList());
    assertEquals(3, worst.evaluations());
  }

  /**
   * Tents of height 1 at −1 and 2 at 1, the gap at 0 where both begin. Up to ε = 1 mass goes right
   * at the rate 2; then all of it sits on the larger maximum and the radius is slack.
   */
  @Test
  void aGapBetweenTwoMaximaGoesToTheBetterOne() {
    LineWorstCase part = solve(0.25, TENTS, 0);
    assertEquals(0.5, part.value(), 1e-14);
    assertEquals(2, part.dualPrice(), 1e-14);
    LineWorstCase all = solve(1.5, TENTS, 0);
    assertEquals(Status.SATURATED, all.status());
    assertEquals(2, all.value(), 1e-14);
    assertEquals(0, all.dualPrice());
    assertArrayEquals(new double[] {0}, all.gradient());
    assertEquals(List.of(new LineWorstCase.Atom(1, 1)), all.atoms(0));
  }

  /**
   * The gap −0.75 is near the small tent: at first it climbs that one, with more radius it leaves.
   */
  @Test
  void onePairIsSplitBetweenTheTwoSides() {
    LineWorstCase worst = solve(1, TENTS, -0.75);
    // (−1, value 1, cost ¼) and (1, value 2, cost 1¾): half of each costs 1, slope 1/1.5
    assertEquals(1.5, worst.value(), 1e-14);
    assertEquals(1 / 1.5, worst.dualPrice(), 1e-14);
    assertEquals(2, worst.atoms(0).size());
    assertEquals(-1, worst.atoms(0).get(0).position());
    assertEquals(0.5, worst.atoms(0).get(0).mass(), 1e-14);
    assertEquals(1, worst.atoms(0).get(1).position());
    assertArrayEquals(new double[] {1}, worst.moved());
    assertArrayEquals(new double[] {0}, worst.gradient(), 1e-14); // half pulls left, half right
  }

  @Test
  void withoutRadiusNothingMoves() {
    LineWorstCase worst = solve(0, SINE, GAPS);
    assertEquals(Status.NOMINAL, worst.status());
    assertEquals(
        Arrays.stream(GAPS).map(SINE::value).average().orElseThrow(), worst.value(), 1e-15);
    assertArrayEquals(GAPS, worst.positions());
    assertArrayEquals(
        Arrays.stream(GAPS).map(gap -> SINE.slope(gap) / 5).toArray(), worst.gradient(), 1e-15);
  }

  /** Also with nothing but a Lipschitz constant known, and from both sides of its certificate. */
  @Test
  void agreesWithTheExactFollowerOnTheLogisticLoss() {
    GapLoss logistic = GapLoss.logistic();
    LineLoss bare = LineLoss.lipschitz("bare", logistic::value, logistic::slope, 1);
    double[] gaps = new SplittableRandom(3).doubles(200, -3, 4).toArray();
    for (double radius : new double[] {1e-4, 0.1, 1, 9}) {
      Ambiguity ambiguity = Ambiguity.wasserstein(radius).support(-4, 5);
      WorstCase exact = Followers.exact().solve(gaps, ambiguity);
      LineWorstCase convex =
          Followers.lipschitz().solve(gaps, ambiguity, LineLoss.of(logistic)).orElseThrow();
      assertEquals(exact.value(), convex.value(), 1e-13);
      assertEquals(exact.dualPrice(), convex.dualPrice(), 1e-6);
      assertArrayEquals(exact.gradient(), convex.gradient(), 1e-8);
      assertArrayEquals(exact.moved(), convex.moved(), 1e-9);
      assertTrue(convex.certificate() < 1e-11);
      assertEquals(202, convex.evaluations());
      LineWorstCase blind = Followers.lipschitz().solve(gaps, ambiguity, bare).orElseThrow();
      assertTrue(Math.abs(blind.value() - exact.value()) <= blind.certificate());
      assertTrue(blind.certificate() <= 1.001e-6 * (1 + blind.value()));
    }
  }

  /** A fine grid is below the optimum by at most L times its spacing. */
  @Test
  void agreesWithTransportOnAFineGrid() {
    int cells = 200;
    double spacing = 5.0 / cells;
    double[] points = GridTransport.points(-2, 3, cells); // every gap is one
    for (LineLoss loss : List.of(SINE, RECTIFIED, LineLoss.sigmoid())) {
      double coarse = loss.lipschitz(-2, 3) * spacing;
      for (double radius : new double[] {0.01, 0.1, 0.5, 2}) {
        double grid = GridTransport.value(GAPS, points, radius, loss);
        LineWorstCase worst = solve(radius, loss, GAPS).orElseThrow();
        String at = loss.name() + " at " + radius + ": " + worst + " against " + grid;
        assertTrue(worst.value() + worst.certificate() >= grid - 1e-9, at);
        assertTrue(worst.value() <= grid + coarse, at);
      }
    }
  }

  /**
   * Piecewise affine losses on a grid of all their kinks are exact: ramp and tents, told little.
   */
  @Test
  void theCertificateHoldsHoweverLittleTheLossTells() {
    double[] points = GridTransport.points(-2, 3, 20);
    LineLoss ramp = LineLoss.ramp();
    List<LineLoss> told = List.of(ramp, TENTS);
    List<LineLoss> untold =
        List.of(
            LineLoss.lipschitz("bare ramp", ramp::value, ramp::slope, 0.7),
            LineLoss.lipschitz("bare tents", TENTS::value, TENTS::slope, 2));
    for (int k = 0; k < told.size(); k++) {
      for (double radius : new double[] {0.01, 0.1, 0.7, 2}) {
        double grid = GridTransport.value(GAPS, points, radius, told.get(k));
        LineWorstCase known = solve(radius, told.get(k), GAPS).orElseThrow();
        assertEquals(grid, known.value(), 1e-10);
        assertTrue(known.certificate() < 1e-11);
        for (int budget : new int[] {0, 10, 100, 100_000}) {
          LineWorstCase worst =
              new LipschitzFollower(1e-7, budget).solve(GAPS, ball(radius), untold.get(k));
          double error = grid - worst.value();
          assertTrue(error >= -1e-10 && error <= worst.certificate() + 1e-10, worst::toString);
          assertTrue(worst.evaluations() <= 7 + budget);
          assertTrue(worst.evaluations() == 7 + budget || worst.status() != Status.NOT_CONVERGED);
          boolean close = worst.certificate() <= 1e-7 * (1 + worst.value()) + 1e-11;
          assertEquals(close, worst.status() != Status.NOT_CONVERGED);
        }
      }
    }
  }

  /** IPO's loss falls and rises: the paper's program on its tangents comes from below. */
  @Test
  void agreesWithTheFiniteProgramOnALossThatRises() {
    PreferenceLoss ipo = PreferenceLoss.ipo(1);
    double[] knots = GridTransport.points(-2, 3, 40);
    double[] slopes = Arrays.stream(knots).map(ipo::slope).toArray();
    double[] intercepts = Arrays.stream(knots).map(t -> ipo.value(t) - t * ipo.slope(t)).toArray();
    PiecewiseAffine pieces = PiecewiseAffine.of(slopes, intercepts);
    LineLoss loss = LineLoss.convex(ipo.name(), ipo::value, ipo::slope);
    for (double radius : new double[] {0.05, 0.4, 4}) {
      double program = FiniteProgram.solve(GAPS, ball(radius), pieces).value();
      assertEquals(program, solve(radius, LineLoss.ofPieces(pieces), GAPS).value(), 1e-9);
      double smooth = solve(radius, loss, GAPS).value();
      // tangents at a spacing of ⅛ miss at most (1/16)² of a loss of curvature 2
      assertTrue(smooth >= program - 1e-9 && smooth <= program + 1.0 / 256, smooth + " " + program);
    }
  }

  /** Central differences where no two plans tie. */
  @Test
  void gradientIsTheDerivative() {
    LipschitzFollower fine = new LipschitzFollower(1e-13, 100_000);
    for (LineLoss loss : List.of(SINE, LineLoss.sigmoid())) {
      LineWorstCase worst = fine.solve(GAPS, ball(0.3), loss);
      double[] gradient = worst.gradient();
      double step = 1e-4;
      for (int i = 0; i < GAPS.length; i++) {
        double up = fine.solve(shifted(i, step), ball(0.3), loss).value();
        double down = fine.solve(shifted(i, -step), ball(0.3), loss).value();
        assertEquals((up - down) / (2 * step), gradient[i], 2e-6, loss.name() + " gap " + i);
      }
      double more = fine.solve(GAPS, ball(0.3 + step), loss).value();
      double less = fine.solve(GAPS, ball(0.3 - step), loss).value();
      assertEquals((more - less) / (2 * step), worst.dualPrice(), 2e-6, loss.name());
    }
  }

  private static double[] shifted(int i, double step) {
    double[] gaps = GAPS.clone();
    gaps[i] += step;
    return gaps;
  }

  /** A gap on the end has only a derivative into the support: −λ*, since its mass moves back. */
  @Test
  void aGapOnTheEndHasItsDerivativeIntoTheSupport() {
    double[] gaps = {-2, 1};
    double[] gradient = solve(0.5, LineLoss.of(GapLoss.logistic()), gaps).gradient();
    WorstCase exact = Followers.exact().solve(gaps, ball(0.5));
    assertArrayEquals(exact.gradient(), gradient, 1e-12);
  }

  /** Curvature makes the difference between dozens and many thousands of evaluations. */
  @Test
  void aModulusOfWeakConvexitySavesEvaluations() {
    LineLoss bare = LineLoss.lipschitz("bare", SINE::value, SINE::slope, 3);
    int knowing = solve(0.3, SINE, GAPS).orElseThrow().evaluations();
    LineWorstCase blind =
        new LipschitzFollower(1e-6, 1_000_000).solve(GAPS, ball(0.3), bare).orElseThrow();
    assertTrue(knowing < 400, "with the modulus: " + knowing);
    assertTrue(blind.evaluations() > 10 * knowing, "without: " + blind.evaluations());
  }

  @Test
  void aSupportOfOnePointAndAnInfiniteRadiusAreFine() {
    LineWorstCase point =
        Followers.lipschitz()
            .solve(new double[] {1, 1}, Ambiguity.wasserstein(0.1).support(1, 1), SINE);
    assertEquals(SINE.value(1), point.value());
    assertEquals(Status.SATURATED, point.status());
    LineWorstCase all = solve(Double.POSITIVE_INFINITY, SINE, GAPS).orElseThrow();
    assertEquals(1, all.value(), 2e-6);
    assertEquals(Status.SATURATED, all.status());
  }

  @Test
  void signedZerosAreOneGap() {
    LineWorstCase worst = solve(0.1, LineLoss.of(GapLoss.logistic()), 0.0, -0.0);
    assertEquals(worst.moved()[0], worst.moved()[1]);
    assertEquals(3, worst.evaluations());
  }

  @Test
  void spentEvaluationsAreTold() {
    LineWorstCase worst = new LipschitzFollower(1e-9, 5).solve(GAPS, ball(0.3), RECTIFIED);
    assertEquals(Status.NOT_CONVERGED, worst.status());
    assertEquals(7 + 5, worst.evaluations());
    String message = assertThrows(IllegalStateException.class, worst::orElseThrow).getMessage();
    assertTrue(String.valueOf(message).contains("" + worst.certificate()), message);
  }

  @Test
  void refusesWhatIsNoProblem() {
    assertEquals(
        "tolerance must be finite and > 0, but was 0.0",
        Refusals.message(() -> new LipschitzFollower(0, 1)));
    assertEquals(
        "evaluations must be >= 0, but was -1",
        Refusals.message(() -> new LipschitzFollower(1e-6, -1)));
    assertTrue(refusal(SINE, 0, 3.5).contains("gap 1 was 3.5"));
    assertTrue(refusal(SINE, 0, Double.NaN).contains("gap 1 was NaN"));
    assertEquals("gaps must not be empty", refusal(SINE));
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "lipschitz must be finite and >= 0, but was " + bad,
          Refusals.message(() -> LineLoss.lipschitz("bad", z -> z, z -> 1, bad)));
    }
    assertEquals(
        "modulus must be >= 0, but was -2.0",
        Refusals.message(() -> LineLoss.weaklyConvex("bad", z -> z, z -> 1, 1, -2)));
    assertEquals(
        "breakpoints must be finite, but breakpoint 1 was NaN",
        Refusals.message(() -> LineLoss.weaklyConvex("bad", z -> z, z -> 1, 1, 0, 0, Double.NaN)));
    assertEquals(
        "the loss log must be finite on the support, but was NaN at -2.0",
        refusal(LineLoss.lipschitz("log", Math::log, z -> 1 / z, 9), 1));
    assertTrue(
        refusal(LineLoss.convex("steep", z -> z, z -> Double.NEGATIVE_INFINITY), 1)
            .startsWith("the Lipschitz constant of the loss steep must be finite and >= 0"));
    assertTrue(
        refusal(LineLoss.lipschitz("steep", z -> 2 * z, z -> 2, 1), 1)
            .contains("at most its Lipschitz constant 1.0 per unit, but was -4.0 at -2.0"));
  }

  private static String refusal(LineLoss loss, double... gaps) {
    return Refusals.message(() -> solve(0.1, loss, gaps));
  }
}
