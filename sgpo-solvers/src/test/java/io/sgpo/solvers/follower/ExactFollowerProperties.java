package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.loss.Tangents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ExactFollowerProperties {
  @Provide
  Arbitrary<Instance> any() {
    return Instance.any();
  }

  @Provide
  Arbitrary<Instance> tied() {
    return Instance.tied();
  }

  @Provide
  Arbitrary<Instance> spread() {
    return Instance.spread();
  }

  /** Ties, signed zeros and spent budgets: every canonical entry, to rounding. */
  @Property(tries = 500)
  void matchesTheSortedReferenceOnTies(@ForAll("tied") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      WorstCase worst = instance.solve(loss);
      SortedReference reference = new SortedReference(instance, loss);
      assertEquals(reference.value, worst.value(), 1e-13 * instance.scale(loss));
      assertArrayEquals(reference.moved, worst.moved(), 1e-13);
      if (worst.status() != Status.NOMINAL) {
        assertEquals(reference.dualPrice, worst.dualPrice(), 1e-13 * (1 + reference.dualPrice));
      }
    }
  }

  @Property(tries = 300)
  void matchesTheSortedReferenceOnSpreadGaps(@ForAll("spread") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      SortedReference reference = new SortedReference(instance, loss);
      assertEquals(reference.value, instance.solve(loss).value(), 1e-13 * instance.scale(loss));
    }
  }

  @Property(tries = 300)
  void certificateClosesTheDualityGap(@ForAll("any") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      double certificate = instance.solve(loss).certificate();
      assertTrue(
          certificate >= 0 && certificate < 1e-11 * instance.scale(loss),
          () -> loss.name() + ": " + certificate);
    }
  }

  /** Against the definition: no way to spend the budget on moves to a is worth more. */
  @Property(tries = 300)
  void noFeasiblePlanIsWorse(@ForAll("any") Instance instance, @ForAll Random random) {
    for (GapLoss loss : instance.losses()) {
      double[] gaps = instance.gaps();
      double value = 0;
      double left = instance.radius() * gaps.length;
      for (int i : permutation(gaps.length, random)) {
        double target = instance.lower() + random.nextDouble() * (gaps[i] - instance.lower());
        double distance = gaps[i] - target;
        double share = distance <= left ? 1 : left / distance;
        left = Math.max(0, left - share * distance);
        value += (1 - share) * loss.value(gaps[i]) + share * loss.value(target);
      }
      assertTrue(
          value / gaps.length <= instance.solve(loss).value() + 1e-13 * instance.scale(loss));
    }
  }

  @Property(tries = 300)
  void valueIsMonotoneConcaveAndBounded(@ForAll("any") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      double step = 0.3 * instance.radius();
      double tolerance = 1e-12 * instance.scale(loss);
      double low = instance.solve(instance.radius() - step, loss).value();
      double middle = instance.solve(instance.radius(), loss).value();
      double high = instance.solve(instance.radius() + step, loss).value();
      assertTrue(low <= middle + tolerance && middle <= high + tolerance, "monotone");
      assertTrue(low + high <= 2 * middle + tolerance, "concave");
      double mean = instance.solve(0, loss).value();
      double steepest = -loss.slope(instance.lower());
      assertTrue(mean <= middle + tolerance, "at least the mean");
      assertTrue(middle <= loss.value(instance.lower()) + tolerance, "at most l(a)");
      assertTrue(middle <= mean + steepest * instance.radius() + tolerance, "at most mean + s(a)e");
    }
  }

  @Property(tries = 200)
  void dualPriceIsTheDerivativeInTheRadius(@ForAll("spread") Instance instance) {
    GapLoss loss = GapLoss.logistic();
    double step = 1e-6 * instance.meanDistance();
    Assume.that(step > 1e-8 && instance.radius() > step);
    WorstCase worst = instance.solve(loss);
    double low = instance.solve(instance.radius() - step, loss).value();
    double high = instance.solve(instance.radius() + step, loss).value();
    double rounding = 1e-14 * instance.scale(loss) / step;
    assertTrue((high - worst.value()) / step <= worst.dualPrice() + rounding);
    assertTrue((worst.value() - low) / step >= worst.dualPrice() - rounding);
  }

  /** Central differences where the derivative exists: distinct gaps, one split by m_f. */
  @Property(tries = 200)
  void gradientIsTheDerivativeInTheGaps(
      @ForAll Random random, @ForAll @DoubleRange(min = 0.05, max = 0.95) double fraction) {
    double[] gaps = new double[2 + random.nextInt(8)];
    double gap = -3 + random.nextDouble();
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = gap;
      gap += 0.01 + random.nextDouble();
    }
    double lower = gaps[0] - 0.5;
    int marginal = random.nextInt(gaps.length);
    double spent = fraction * (gaps[marginal] - lower);
    for (int i = 0; i < marginal; i++) {
      spent += gaps[i] - lower;
    }
    Instance instance = new Instance(gaps, lower, gap, spent / gaps.length);
    WorstCase worst = instance.solve(GapLoss.logistic());
    assertEquals(gaps[marginal], worst.threshold());
    double[] gradient = worst.gradient();
    double step = 1e-5;
    for (int i = 0; i < gradient.length; i++) {
      double up = shifted(instance, i, step).solve(GapLoss.logistic()).value();
      double down = shifted(instance, i, -step).solve(GapLoss.logistic()).value();
      assertEquals(gradient[i], (up - down) / (2 * step), 1e-8);
    }
  }

  @Property(tries = 200)
  void orderOfTheGapsDoesNotMatter(@ForAll("tied") Instance instance, @ForAll Random random) {
    int[] order = permutation(instance.gaps().length, random);
    double[] shuffled = Arrays.stream(order).mapToDouble(i -> instance.gaps()[i]).toArray();
    for (GapLoss loss : instance.losses()) {
      WorstCase worst = instance.solve(loss);
      WorstCase other = instance.withGaps(shuffled).solve(loss);
      assertEquals(worst.value(), other.value(), 1e-14 * instance.scale(loss));
      assertEquals(worst.dualPrice(), other.dualPrice());
      double[] moved = worst.moved();
      assertArrayEquals(
          Arrays.stream(order).mapToDouble(i -> moved[i]).toArray(), other.moved(), 0);
    }
  }

  @Property(tries = 200)
  void surrogateIsBelowTheExactValueByAtMostItsError(
      @ForAll("any") Instance instance, @ForAll @IntRange(min = 1, max = 12) int count) {
    Tangents tangents = Tangents.uniform(count, instance.lower(), instance.upper());
    double difference =
        instance.solve(GapLoss.logistic()).value() - instance.solve(tangents).value();
    double rounding = 1e-13 * instance.scale(GapLoss.logistic());
    assertTrue(difference >= -rounding, () -> "surrogate above by " + -difference);
    assertTrue(
        difference <= tangents.maxError(instance.lower(), instance.upper()) + rounding,
        () -> "surrogate below by " + difference);
  }

  /** The paper reports a drop at seven tangents; the problem has none. */
  @Property(tries = 100)
  void sevenTangentsAreAsStableAsSix(@ForAll("spread") Instance instance) {
    for (int count = 5; count <= 9; count++) {
      Tangents tangents = Tangents.uniform(count, instance.lower(), instance.upper());
      WorstCase worst = instance.solve(tangents);
      assertTrue(worst.certificate() < 1e-11 * instance.scale(tangents), "K = " + count);
      for (double weight : worst.weights(LeaderWeighting.ENVELOPE)) {
        assertTrue(weight >= 0 && weight < Double.MAX_VALUE, "K = " + count);
      }
    }
  }

  @Property(tries = 100)
  void withoutRadiusEveryWeightingIsDpoBitForBit(
      @ForAll("any") Instance instance, @ForAll @DoubleRange(min = -50, max = 50) double gap) {
    double dpo = -GapLoss.logistic().slope(gap);
    double[] ones = new double[instance.gaps().length];
    Arrays.fill(ones, 1);
    for (GapLoss loss : instance.losses()) {
      WorstCase nominal = instance.solve(0, loss);
      assertEquals(Status.NOMINAL, nominal.status());
      for (LeaderWeighting weighting : LeaderWeighting.values()) {
        assertArrayEquals(ones, nominal.weights(weighting), 0);
        assertEquals(dpo, nominal.leader(weighting).coefficient(0, gap));
      }
      assertArrayEquals(new double[ones.length], nominal.moved(), 0);
      assertEquals(Double.NaN, nominal.threshold());
    }
  }

  @Property(tries = 200)
  void leaderAtTheSolvedGapsIsWeightTimesSigma(@ForAll("any") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      WorstCase worst = instance.solve(loss);
      for (LeaderWeighting weighting : LeaderWeighting.values()) {
        double[] weights = worst.weights(weighting);
        LeaderRule rule = worst.leader(weighting);
        for (int i = 0; i < weights.length; i++) {
          double gap = instance.gaps()[i];
          double expected = weights[i] * -GapLoss.logistic().slope(gap);
          assertEquals(expected, rule.coefficient(i, gap), 1e-13 * (1 + expected));
        }
      }
    }
  }

  /** g = −N ∂V/∂ξ and w = g / s tie weights and gradient together. */
  @Property(tries = 200)
  void weightsAreTheGradientRelativeToTheLoss(@ForAll("any") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      WorstCase worst = instance.solve(loss);
      double[] gradient = worst.gradient();
      double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
      for (int i = 0; i < weights.length; i++) {
        double steepness = -loss.slope(instance.gaps()[i]);
        double g = -gradient[i] * weights.length;
        assertTrue(g >= 0);
        if (steepness > 0) {
          assertEquals(g / steepness, weights[i], 1e-12 * (1 + weights[i]));
        }
      }
    }
  }

  @Property(tries = 200)
  void mixtureWeightsAreAtLeastOne(@ForAll("any") Instance instance) {
    for (GapLoss loss : instance.losses()) {
      for (double weight : instance.solve(loss).weights(LeaderWeighting.TANGENT_MIXTURE)) {
        assertTrue(weight >= 1 - 1e-15, () -> loss.name() + ": " + weight);
      }
    }
  }

  @Property(tries = 200)
  void atomWeightsAreTheMassOnEachPair(@ForAll("tied") Instance instance) {
    WorstCase worst = instance.solve(GapLoss.logistic());
    double[] gaps = instance.gaps();
    double[] weights = worst.weights(LeaderWeighting.ATOMS);
    assertEquals(gaps.length, Arrays.stream(weights).sum(), 1e-12 * gaps.length);
    double min = Arrays.stream(gaps).min().orElseThrow();
    Instance onPairs = new Instance(gaps, min, instance.upper(), instance.radius());
    SortedReference reference = new SortedReference(onPairs, GapLoss.logistic());
    double value = 0;
    for (int i = 0; i < gaps.length; i++) {
      value += weights[i] * GapLoss.logistic().value(gaps[i]) / gaps.length;
      if (gaps[i] > min) {
        assertEquals(1 - reference.moved[i], weights[i], 1e-13);
      }
    }
    assertEquals(reference.value, value, 1e-13 * instance.scale(GapLoss.logistic()));
  }

  @Property(tries = 200)
  void saturatedLeavesNoGradient(
      @ForAll("any") Instance instance, @ForAll @DoubleRange(min = -50, max = 50) double gap) {
    for (GapLoss loss : instance.losses()) {
      for (double radius :
          new double[] {1 + 2 * instance.meanDistance(), Double.POSITIVE_INFINITY}) {
        WorstCase worst = instance.solve(radius, loss);
        assertEquals(Status.SATURATED, worst.status());
        assertEquals(loss.value(instance.lower()), worst.value());
        assertEquals(0, worst.dualPrice());
        assertTrue(worst.saturation() > 1);
        assertArrayEquals(new double[worst.size()], worst.gradient(), 0);
        assertEquals(0, worst.leader(LeaderWeighting.ENVELOPE).coefficient(0, gap));
        assertEquals(worst.size(), Arrays.stream(worst.moved()).sum());
        assertTrue(worst.certificate() < 1e-11 * instance.scale(loss));
      }
    }
  }

  @Property(tries = 100)
  void atomsSpendTheRadius(@ForAll("any") Instance instance) {
    WorstCase worst = instance.solve(GapLoss.logistic());
    double[] atoms = worst.atoms();
    double spent = 0;
    for (int i = 0; i < atoms.length; i++) {
      spent += (instance.gaps()[i] - atoms[i]) / atoms.length;
    }
    double expected = Math.min(instance.radius(), instance.meanDistance());
    assertEquals(expected, spent, 1e-12 * (1 + Math.abs(instance.lower())));
  }

  private static Instance shifted(Instance instance, int index, double step) {
    double[] gaps = instance.gaps().clone();
    gaps[index] += step;
    return instance.withGaps(gaps);
  }

  private static int[] permutation(int size, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    return order.stream().mapToInt(Integer::intValue).toArray();
  }
}
