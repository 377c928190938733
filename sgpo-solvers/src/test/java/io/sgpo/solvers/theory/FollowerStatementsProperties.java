package io.sgpo.solvers.theory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;

/**
 * The statements on SSAPO's follower (arXiv 2502.18099) as functions of the radius, of the solver
 * and of where the gaps lie, on random problems.
 */
class FollowerStatementsProperties {

  /** Gaps on a support. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Problem(double[] gaps, double lower, double upper) {
    static Problem random(long seed, int n) {
      SplittableRandom random = new SplittableRandom(seed);
      double scale = Math.pow(10, 2 * random.nextDouble() - 1);
      double[] gaps = new double[n];
      Arrays.setAll(gaps, i -> scale * random.nextGaussian());
      double margin = 0.1 + random.nextDouble();
      return new Problem(
          gaps,
          Arrays.stream(gaps).min().orElseThrow() - margin,
          Arrays.stream(gaps).max().orElseThrow() + margin);
    }

    double meanDistance() {
      return Arrays.stream(gaps).average().orElseThrow() - lower;
    }

    double mean(GapLoss loss) {
      return Arrays.stream(gaps).map(loss::value).average().orElseThrow();
    }

    WorstCase solve(Follower follower, double radius, GapLoss loss) {
      return follower.solve(gaps, new Ambiguity(radius, lower, upper, loss)).orElseThrow();
    }

    Problem shifted(double by) {
      return new Problem(Arrays.stream(gaps).map(g -> g + by).toArray(), lower + by, upper + by);
    }
  }

  /** ℓ(ξ − by), the same loss elsewhere. */
  private record Shifted(GapLoss loss, double by) implements GapLoss {
    @Override
    public String name() {
      return "shifted " + loss.name();
    }

    @Override
    public double value(double gap) {
      return loss.value(gap - by);
    }

    @Override
    public double slope(double gap) {
      return loss.slope(gap - by);
    }
  }

  /** On a grid of radii up to 1.5 times the largest useful one. */
  @Property(tries = 40)
  void valueIsConcaveAndNonDecreasingInTheRadiusForEveryFollower(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int n) {
    Problem problem = Problem.random(seed, n);
    GapLoss tangents = Tangents.uniform(5, problem.lower(), problem.upper());
    List<Follower> followers =
        List.of(
            Followers.exact(),
            Followers.primalDual(),
            Followers.grouped(2, seed),
            Followers.entropic(0.05, 64),
            Followers.lp());
    for (Follower follower : followers) {
      double[] values = new double[13];
      for (int step = 0; step < values.length; step++) {
        double radius = 1.5 * problem.meanDistance() * step / (values.length - 1);
        values[step] = problem.solve(follower, radius, tangents).value();
        double most = problem.mean(tangents) + radius; // slopes are at most 1
        assertTrue(values[step] <= most + 0.05 + 1e-8, () -> follower.name() + " above mean + ε");
      }
      double slack = 1e-7 * (1 + tangents.value(problem.lower()));
      for (int step = 1; step < values.length; step++) {
        double rise = values[step] - values[step - 1];
        assertTrue(rise >= -slack, () -> follower.name() + Arrays.toString(values));
        if (step > 1) {
          double before = values[step - 1] - values[step - 2];
          assertTrue(rise <= before + slack, () -> follower.name() + Arrays.toString(values));
        }
      }
    }
  }

  /** V ≤ mean + ε and V ≤ ℓ(a), which is reached at ε = mean ξ − a and not before. */
  @Property(tries = 200)
  void valueSaturatesExactlyWhereAllMassReachesTheLowerEnd(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 50) int n,
      @ForAll @Scale(3) @DoubleRange(min = 0, max = 0.999) double share) {
    Problem problem = Problem.random(seed, n);
    GapLoss loss = GapLoss.logistic();
    double limit = problem.meanDistance();
    double top = loss.value(problem.lower());
    for (Follower follower : List.of(Followers.exact(), Followers.primalDual())) {
      assertEquals(top, problem.solve(follower, 1.0001 * limit, loss).value(), 1e-12 * (1 + top));
      WorstCase below = problem.solve(follower, share * limit, loss);
      assertTrue(below.value() <= problem.mean(loss) + share * limit + 1e-12);
      assertTrue(below.value() < top, () -> follower.name() + " " + below.value());
      double price = (top - problem.mean(loss)) / limit; // concave: at least the chord
      assertTrue(below.value() >= problem.mean(loss) + price * share * limit - 1e-12 * (1 + top));
      assertEquals(share, below.saturation(), 1e-12);
    }
  }

  @Property(tries = 60)
  void exactLinearProgramAndPrimalDualAgreeAndGroupsStayBelow(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 14) int n,
      @ForAll @IntRange(min = 1, max = 8) int count,
      @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 1.2) double share) {
    Problem problem = Problem.random(seed, n);
    GapLoss tangents = Tangents.uniform(count, problem.lower(), problem.upper());
    double radius = share * problem.meanDistance();
    double scale = 1 + tangents.value(problem.lower());
    double exact = problem.solve(Followers.exact(), radius, tangents).value();
    assertEquals(exact, problem.solve(Followers.lp(), radius, tangents).value(), 1e-8 * scale);
    assertEquals(
        exact, problem.solve(Followers.primalDual(), radius, tangents).value(), 1e-11 * scale);
    GapLoss logistic = GapLoss.logistic();
    double whole = problem.solve(Followers.exact(), radius, logistic).value();
    assertEquals(
        whole, problem.solve(Followers.primalDual(), radius, logistic).value(), 1e-11 * scale);
    for (int size = 1; size <= n; size++) {
      double grouped = problem.solve(Followers.grouped(size, seed), radius, logistic).value();
      assertTrue(grouped <= whole + 1e-13 * scale);
    }
  }

  /** Gaps, support and loss moved together: nothing but the positions changes. */
  @Property(tries = 200)
  void movingEverythingChangesNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @DoubleRange(min = -20, max = 20) double by,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double share) {
    Problem problem = Problem.random(seed, n);
    Problem elsewhere = problem.shifted(by);
    double radius = share * problem.meanDistance();
    GapLoss loss = GapLoss.logistic();
    GapLoss moved = new Shifted(loss, by);
    for (Follower follower : List.of(Followers.exact(), Followers.primalDual())) {
      WorstCase here = problem.solve(follower, radius, loss);
      WorstCase there = elsewhere.solve(follower, radius, moved);
      double scale = 1 + loss.value(problem.lower());
      assertEquals(here.value(), there.value(), 1e-11 * scale);
      assertEquals(here.saturation(), there.saturation(), 1e-10);
      assertEquals(here.dualPrice(), there.dualPrice(), 1e-9);
      assertArrayEquals(here.moved(), there.moved(), 1e-7);
      assertArrayEquals(here.gradient(), there.gradient(), 1e-8);
    }
  }

  /** The plan depends on distances to a only, so under any loss it moves along with the gaps. */
  @Property(tries = 200)
  void thePlanDoesNotDependOnWhereTheGapsLie(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int n,
      @ForAll @DoubleRange(min = -20, max = 20) double by,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double share) {
    Problem problem = Problem.random(seed, n);
    double radius = share * problem.meanDistance();
    WorstCase here = problem.solve(Followers.exact(), radius, GapLoss.logistic());
    WorstCase there = problem.shifted(by).solve(Followers.exact(), radius, GapLoss.logistic());
    assertArrayEquals(here.moved(), there.moved(), 1e-9);
    assertArrayEquals(
        here.weights(LeaderWeighting.ATOMS), there.weights(LeaderWeighting.ATOMS), 1e-8);
    double[] atoms = there.atoms();
    for (int i = 0; i < n; i++) {
      assertEquals(here.atoms()[i] + by, atoms[i], 1e-9);
    }
  }

  /** Central differences at random gaps, the radius ending inside one pair's share. */
  @Property(tries = 60)
  void gradientIsTheDerivativeAtRandomPoints(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int n,
      @ForAll @IntRange(min = 0, max = 7) int pair,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double fraction) {
    Problem problem = spread(Problem.random(seed, n));
    double[] sorted = problem.gaps().clone();
    Arrays.sort(sorted);
    double spent = fraction * (sorted[pair % n] - problem.lower());
    for (int i = 0; i < pair % n; i++) {
      spent += sorted[i] - problem.lower();
    }
    double radius = spent / n;
    GapLoss loss = GapLoss.logistic();
    List<Follower> followers =
        List.of(Followers.exact(), Followers.primalDual(), Followers.entropic(0.05, 64));
    for (Follower follower : followers) {
      double[] gradient = problem.solve(follower, radius, loss).gradient();
      double step = 1e-5;
      for (int i = 0; i < n; i++) {
        double up = bumped(problem, i, step).solve(follower, radius, loss).value();
        double down = bumped(problem, i, -step).solve(follower, radius, loss).value();
        assertEquals(gradient[i], (up - down) / (2 * step), 1e-6, follower.name() + " pair " + i);
      }
    }
  }

  /** The same order of gaps, at least 0.01 apart. */
  private static Problem spread(Problem problem) {
    double[] sorted = problem.gaps().clone();
    Arrays.sort(sorted);
    double[] gaps = new double[sorted.length];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = problem.gaps()[i] + 0.01 * Arrays.binarySearch(sorted, problem.gaps()[i]);
    }
    return new Problem(gaps, problem.lower(), problem.upper() + 0.01 * gaps.length);
  }

  private static Problem bumped(Problem problem, int pair, double step) {
    double[] gaps = problem.gaps().clone();
    gaps[pair] += step;
    return new Problem(gaps, problem.lower(), problem.upper());
  }
}
