package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.loss.Tangents;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** A problem of the follower, for property tests. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Instance(double[] gaps, double lower, double upper, double radius) {

  WorstCase solve(GapLoss loss) {
    return solve(radius, loss);
  }

  WorstCase solve(double otherRadius, GapLoss loss) {
    return Followers.exact().solve(gaps, new Ambiguity(otherRadius, lower, upper, loss));
  }

  Instance withGaps(double[] others) {
    return new Instance(others, lower, upper, radius);
  }

  Instance withRadius(double other) {
    return new Instance(gaps, lower, upper, other);
  }

  /** The size of the problem's numbers, to which errors are relative. */
  double scale(GapLoss loss) {
    return 1 + loss.value(lower);
  }

  double meanDistance() {
    return Arrays.stream(gaps).map(gap -> gap - lower).sum() / gaps.length;
  }

  /** The logistic loss, tangents on this support, and a loss that only keeps the contract. */
  List<GapLoss> losses() {
    return List.of(
        GapLoss.logistic(),
        Tangents.uniform(6, lower, upper),
        Tangents.at(-1, 1, 0.5, 1, 30),
        SQUARED_HINGE);
  }

  static final GapLoss SQUARED_HINGE =
      new GapLoss() {
        @Override
        public String name() {
          return "squared hinge";
        }

        @Override
        public double value(double gap) {
          double excess = Math.max(0, 1 - gap);
          return excess * excess;
        }

        @Override
        public double slope(double gap) {
          return gap < 1 ? -2 * (1 - gap) : 0; // never −0.0
        }
      };

  @Override
  public String toString() {
    return Arrays.toString(gaps) + " on [" + lower + ", " + upper + "], epsilon " + radius;
  }

  /** Gaps on a grid of quarters: ties, signed zeros, sums without rounding, spent budgets. */
  static Arbitrary<Instance> tied() {
    Arbitrary<Double> grid =
        Arbitraries.integers()
            .between(-8, 8)
            .map(i -> i / 4.0)
            .flatMap(gap -> gap == 0 ? Arbitraries.of(0.0, -0.0) : Arbitraries.just(gap));
    Arbitrary<Double> margins = Arbitraries.of(0.0, 0.25, 1.0, 3.0);
    return Combinators.combine(
            arrays(grid), margins, margins, Arbitraries.integers().between(0, 40))
        .as(
            (gaps, below, above, steps) -> {
              Instance instance = around(gaps, below, above, 0);
              return instance.withRadius(spentAfter(instance, steps));
            });
  }

  /** Spread gaps and a radius from none to more than saturated. */
  static Arbitrary<Instance> spread() {
    Arbitrary<Double> narrow = Arbitraries.doubles().between(-5, 5).ofScale(12);
    Arbitrary<Double> wide = Arbitraries.doubles().between(-60, 60).ofScale(4);
    Arbitrary<Double> shares =
        Arbitraries.oneOf(
            Arbitraries.doubles().between(0, 1).ofScale(9),
            Arbitraries.of(0.0, 1e-9, 0.2, 0.999, 1.5));
    return Combinators.combine(
            Arbitraries.oneOf(arrays(narrow), arrays(wide)),
            Arbitraries.of(0.0, 0.1, 1.0, 10.0),
            shares)
        .as(
            (gaps, margin, share) -> {
              Instance instance = around(gaps, margin, margin, 0);
              return instance.withRadius(share * instance.meanDistance());
            });
  }

  static Arbitrary<Instance> any() {
    return Arbitraries.oneOf(tied(), spread());
  }

  private static Arbitrary<double[]> arrays(Arbitrary<Double> gap) {
    return gap.array(Double[].class)
        .ofMinSize(1)
        .ofMaxSize(24)
        .map(boxed -> Arrays.stream(boxed).mapToDouble(Double::doubleValue).toArray());
  }

  static Instance around(double[] gaps, double below, double above, double radius) {
    double min = Arrays.stream(gaps).min().orElseThrow();
    double max = Arrays.stream(gaps).max().orElseThrow();
    return new Instance(gaps, min - below, max + above, radius);
  }

  /** The radius that is spent after half as many whole gaps: even steps end on a boundary. */
  private static double spentAfter(Instance instance, int steps) {
    double[] sorted = instance.gaps.clone();
    Arrays.sort(sorted);
    double spent = 0;
    for (int i = 0; i < Math.min(steps / 2, sorted.length); i++) {
      spent += sorted[i] - instance.lower;
    }
    if (steps % 2 == 1 && steps / 2 < sorted.length) {
      spent += 0.5 * (sorted[steps / 2] - instance.lower);
    }
    return spent / sorted.length;
  }
}
