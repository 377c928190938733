package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.solvers.loss.LineLoss;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class LipschitzFollowerProperties {
  private static final int TRIES = 60;
  private static final double TOLERANCE = 1e-3;

  /** A polygon through random heights at the integers −5..5. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Polygon(double[] heights, double shift) {
    static Polygon of(long seed) {
      return new Polygon(new SplittableRandom(seed).doubles(11, 0, 2).toArray(), 0);
    }

    double value(double z) {
      double place = Math.max(0, Math.min(10, z - shift + 5));
      int cell = Math.min(9, (int) place);
      return heights[cell] + (place - cell) * (heights[cell + 1] - heights[cell]);
    }

    double slope(double z) {
      int cell = (int) Math.max(0, Math.min(9, z - shift + 5));
      return heights[cell + 1] - heights[cell];
    }

    LineLoss told() {
      double[] kinks = new double[11];
      Arrays.setAll(kinks, k -> k - 5 + shift);
      return LineLoss.weaklyConvex("polygon", this::value, this::slope, 2, 0, kinks);
    }

    LineLoss bare() {
      return LineLoss.lipschitz("bare polygon", this::value, this::slope, 2);
    }
  }

  @Provide
  Arbitrary<Instance> instances() {
    return Instance.any();
  }

  /** Gaps in [−5, 5] from a seed. */
  private static double[] gaps(long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    return random.doubles(1 + random.nextInt(12), -5, 5).toArray();
  }

  private static LineWorstCase solve(double[] gaps, double radius, LineLoss loss) {
    return new LipschitzFollower(TOLERANCE, 50_000)
        .solve(gaps, Ambiguity.wasserstein(radius).support(-5, 5), loss)
        .orElseThrow();
  }

  /** Convex losses: every value is that of the exact follower. */
  @Property(tries = TRIES)
  void convexLossesAreThoseOfTheExactFollower(@ForAll("instances") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      Ambiguity ambiguity =
          Ambiguity.wasserstein(instance.radius()).support(instance.lower(), instance.upper());
      LineWorstCase worst =
          Followers.lipschitz().solve(instance.gaps(), ambiguity, LineLoss.of(loss)).orElseThrow();
      double exact = instance.solve(loss).value();
      double slack = 1e-11 * instance.scale(loss);
      assertEquals(exact, worst.value(), slack, loss.name());
      assertTrue(Math.abs(exact - worst.value()) <= worst.certificate() + slack, loss.name());
    }
  }

  /** The polygon's kinks and the gaps make the transport program exact. */
  @Property(tries = 25)
  void polygonsAreSolvedAsTransport(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 3) double radius) {
    Polygon polygon = Polygon.of(seed);
    double[] gaps = gaps(seed);
    double[] points = Arrays.copyOf(gaps, gaps.length + 11);
    for (int k = 0; k < 11; k++) {
      points[gaps.length + k] = k - 5;
    }
    double exact = GridTransport.value(gaps, points, radius, polygon.told());
    assertEquals(exact, solve(gaps, radius, polygon.told()).value(), 1e-9);
    LineWorstCase bare = solve(gaps, radius, polygon.bare());
    double error = exact - bare.value();
    assertTrue(error >= -1e-9 && error <= bare.certificate() + 1e-9, () -> bare + " " + exact);
  }

  /** The plan is within the support and the budget, and worth what is said. */
  @Property(tries = TRIES)
  void thePlanIsFeasibleAndWorthItsValue(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 3) double radius) {
    LineLoss loss = Polygon.of(seed).bare();
    double[] gaps = gaps(seed);
    LineWorstCase worst = solve(gaps, radius, loss);
    double value = 0;
    double spent = 0;
    int split = 0;
    for (int i = 0; i < gaps.length; i++) {
      double mass = 0;
      for (LineWorstCase.Atom atom : worst.atoms(i)) {
        assertTrue(atom.position() >= -5 && atom.position() <= 5 && atom.mass() > 0);
        mass += atom.mass();
        value += atom.mass() * loss.value(atom.position());
        spent += atom.mass() * Math.abs(atom.position() - gaps[i]);
      }
      split += worst.atoms(i).size() - 1;
      assertEquals(1, mass, 1e-14);
    }
    assertEquals(worst.value(), value / gaps.length, 1e-12);
    assertTrue(spent <= gaps.length * radius + 1e-12, () -> "overspent");
    assertEquals(Arrays.stream(worst.displacements()).sum(), spent, 1e-12);
    assertTrue(split <= gaps.length);
    for (double slope : worst.gradient()) {
      assertTrue(Math.abs(slope) * gaps.length <= worst.dualPrice() + 1e-12);
    }
  }

  /** Concave and non-decreasing in ε, each value known to its certificate. */
  @Property(tries = TRIES)
  void valueIsConcaveAndDoesNotFallInTheRadius(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 2) double radius,
      @ForAll @DoubleRange(min = 0.01, max = 1) double step) {
    LineLoss loss = Polygon.of(seed).bare();
    double[] gaps = gaps(seed);
    LineWorstCase low = solve(gaps, radius, loss);
    LineWorstCase middle = solve(gaps, radius + step, loss);
    LineWorstCase high = solve(gaps, radius + 2 * step, loss);
    assertTrue(low.value() <= middle.value() + middle.certificate());
    assertTrue(middle.value() <= high.value() + high.certificate());
    double chord = (low.value() + high.value()) / 2;
    assertTrue(chord <= middle.value() + middle.certificate(), () -> chord + " " + middle);
  }

  @Property(tries = TRIES)
  void orderAndPlaceDoNotMatter(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 2) double radius,
      @ForAll @IntRange(min = -8, max = 8) int by) {
    Polygon polygon = Polygon.of(seed);
    double[] gaps = gaps(seed);
    LineWorstCase worst = solve(gaps, radius, polygon.told());
    double[] moved = gaps.clone();
    for (int i = 0; i < gaps.length; i++) {
      moved[i] = gaps[gaps.length - 1 - i] + by;
    }
    LineWorstCase other =
        Followers.lipschitz()
            .solve(
                moved,
                Ambiguity.wasserstein(radius).support(by - 5, by + 5),
                new Polygon(polygon.heights(), by).told());
    assertEquals(worst.value(), other.value(), 1e-12);
    assertEquals(
        Arrays.stream(worst.displacements()).sum(),
        Arrays.stream(other.displacements()).sum(),
        1e-8);
  }

  /** A mass of k is k gaps. */
  @Property(tries = TRIES)
  void aWholeMassIsThatManyGaps(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 3) double radius) {
    double[] gaps = gaps(seed);
    double[] masses =
        new SplittableRandom(seed).ints(gaps.length, 1, 5).mapToDouble(count -> count).toArray();
    double[] repeated = new double[(int) Arrays.stream(masses).sum()];
    int next = 0;
    for (int i = 0; i < gaps.length; i++) {
      Arrays.fill(repeated, next, next + (int) masses[i], gaps[i]);
      next += (int) masses[i];
    }
    LineLoss loss = Polygon.of(seed).told();
    Ambiguity set = Ambiguity.wasserstein(radius).support(-5, 5);
    LineWorstCase expected = Followers.lipschitz().solve(repeated, set, loss).orElseThrow();
    LineWorstCase worst = Followers.lipschitz().solve(gaps, masses, set, loss).orElseThrow();
    assertEquals(expected.value(), worst.value(), 1e-9);
    double spent = 0;
    double gradient = 0;
    for (int i = 0; i < gaps.length; i++) {
      spent += masses[i] * worst.displacements()[i] / repeated.length;
      gradient += worst.gradient()[i];
      assertEquals(
          worst.gradient()[i], masses[i] * worst.slopes()[i] / repeated.length, 1e-12, "gap " + i);
    }
    assertTrue(spent <= radius + 1e-9, "spent " + spent);
    assertEquals(worst.certificate(), 0, 1e-9);
    if (Math.abs(expected.dualPrice() - worst.dualPrice()) < 1e-9 && radius > 0) {
      assertEquals(Arrays.stream(expected.gradient()).sum(), gradient, 1e-6);
    }
  }

  /** The logistic loss with masses: the value of the exact follower with the same. */
  @Property(tries = TRIES)
  void convexLossesWithMassesAreThoseOfTheExactFollower(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 3) double radius) {
    double[] gaps = gaps(seed);
    double[] masses = new SplittableRandom(seed).doubles(gaps.length, 0, 2).toArray();
    masses[0] = 1;
    Ambiguity set = Ambiguity.wasserstein(radius).support(-5, 5);
    double exact = new ExactFollower().solve(gaps, masses, set).value();
    LineLoss loss = LineLoss.of(GapLoss.logistic());
    LineWorstCase worst = Followers.lipschitz().solve(gaps, masses, set, loss).orElseThrow();
    assertEquals(exact, worst.value(), 1e-9);
  }
}
