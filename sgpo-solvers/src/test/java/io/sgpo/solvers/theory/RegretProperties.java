package io.sgpo.solvers.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.solvers.follower.Followers;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;

/**
 * The regret statements of SGPO (arXiv 2502.18099) on finite sets of policies, each of which is its
 * gap distribution. J(π, α) = E_α[log σ(ξ)], Regret(π, α) = max_π' J(π', α_π') − J(π, α_π), where a
 * shift takes each policy's own distribution to one within W₁-distance δ.
 */
class RegretProperties {
  private static final double LOWER = -3;
  private static final double UPPER = 4;

  private static double objective(double[] gaps) {
    return Arrays.stream(gaps).map(gap -> -Math.log1p(Math.exp(-gap))).average().orElseThrow();
  }

  private static double worstCase(double[] gaps, double radius, double lower, double upper) {
    return -Followers.exact()
        .solve(gaps, Ambiguity.wasserstein(radius).support(lower, upper))
        .value();
  }

  /** Policies of as many equally likely gaps each. */
  private static double[][] policies(SplittableRandom random, int count, int gaps) {
    double[][] policies = new double[count][gaps];
    for (double[] policy : policies) {
      double centre = -1 + 3 * random.nextDouble();
      Arrays.setAll(policy, i -> Math.max(LOWER, Math.min(UPPER, centre + random.nextGaussian())));
    }
    return policies;
  }

  /** Moves each gap a random way, the mean distance being at most δ, inside the support. */
  private static double[] shifted(SplittableRandom random, double[] gaps, double delta) {
    double[] moves = new double[gaps.length];
    Arrays.setAll(moves, i -> Math.pow(random.nextDouble(), 4));
    double scale = delta / Arrays.stream(moves).average().orElseThrow();
    double direction = random.nextInt(3) - 1; // all down, either way, all up
    double[] shifted = new double[gaps.length];
    for (int i = 0; i < gaps.length; i++) {
      double sign = direction == 0 ? random.nextInt(2) * 2 - 1 : direction;
      shifted[i] = Math.max(LOWER, Math.min(UPPER, gaps[i] + sign * scale * moves[i]));
    }
    return shifted;
  }

  /** W₁ of two samples of equal size: the mean distance of equal ranks. */
  private static double distance(double[] first, double[] second) {
    double[] a = first.clone();
    double[] b = second.clone();
    Arrays.sort(a);
    Arrays.sort(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  /** DPO's choice: the best nominal objective. */
  private static int dpo(double[][] policies) {
    return best(Arrays.stream(policies).mapToDouble(RegretProperties::objective).toArray());
  }

  /** SGPO's choice: the best worst case. */
  private static int sgpo(double[][] policies, double epsilon, double lower, double upper) {
    return best(
        Arrays.stream(policies)
            .mapToDouble(gaps -> worstCase(gaps, epsilon, lower, upper))
            .toArray());
  }

  private static double regret(int chosen, double[][] shifted) {
    double best = Double.NEGATIVE_INFINITY;
    for (double[] gaps : shifted) {
      best = Math.max(best, objective(gaps));
    }
    return best - objective(shifted[chosen]);
  }

  /** |J(π, α) − J(π, α̂)| {@code <=} W₁(α, α̂), since log σ is 1-Lipschitz. */
  @Property(tries = 300)
  void aShiftCostsAtMostItsSize(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 2) double delta) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] gaps = policies(random, 1, n)[0];
    double[] shifted = shifted(random, gaps, delta);
    double distance = distance(gaps, shifted);
    assertTrue(distance <= delta + 1e-12);
    assertTrue(Math.abs(objective(shifted) - objective(gaps)) <= distance + 1e-14);
    assertTrue(worstCase(gaps, delta, LOWER, UPPER) <= objective(shifted) + 1e-12);
  }

  /** Regret {@code <=} 2ε under every shift of size {@code <=} ε: for SGPO, and for DPO as well. */
  @Property(tries = 300)
  void bothChoicesRegretAtMostTwiceTheRadius(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int count,
      @ForAll @Scale(3) @DoubleRange(min = 0.001, max = 1) double epsilon) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] policies = policies(random, count, 20);
    int robust = sgpo(policies, epsilon, LOWER, UPPER);
    int nominal = dpo(policies);
    for (int shift = 0; shift < 10; shift++) {
      double[][] shifted = new double[count][];
      Arrays.setAll(shifted, i -> shifted(random, policies[i], epsilon));
      assertTrue(regret(robust, shifted) <= 2 * epsilon + 1e-12);
      assertTrue(regret(nominal, shifted) <= 2 * epsilon + 1e-12);
    }
  }

  /**
   * "DPO's regret is at least δ − 2ε" holds for a worst instance, built here on the support [−10,
   * 10]. Policy 1 has 4/5 of its gaps at −10, where they can fall no further, and 1/5 at 10, from
   * where the chord to −10 has slope ½. Policy 0 has all its gaps at one place near −8, where the
   * loss has slope 1 and room to fall, placed so that its nominal objective is better by ε/4. So
   * DPO takes policy 0; the worst cases are lower by about ε and ε/2, so SGPO takes policy 1. The
   * shift moves policy 0 alone, by δ.
   */
  @Property(tries = 100)
  void onAWorstInstanceDpoRegretsNearlyTheShiftAndSgpoNothing(
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double epsilon,
      @ForAll @DoubleRange(min = 0, max = 1) double beyond) {
    double delta = epsilon + beyond * (1.75 - epsilon);
    double[][] policies = {new double[10], {-10, -10, -10, -10, -10, -10, -10, -10, 10, 10}};
    double loss = -objective(policies[1]) - epsilon / 4;
    Arrays.fill(policies[0], -Math.log(Math.expm1(loss))); // softplus(−ξ) = loss
    assertEquals(epsilon / 4, objective(policies[0]) - objective(policies[1]), 1e-12);

    assertEquals(0, dpo(policies));
    assertEquals(1, sgpo(policies, epsilon, -10, 10));
    double[][] shifted = {policies[0].clone(), policies[1]};
    Arrays.setAll(shifted[0], i -> policies[0][i] - delta);
    assertTrue(shifted[0][0] >= -10);
    assertEquals(delta, distance(policies[0], shifted[0]), 1e-12);
    assertTrue(regret(0, shifted) >= delta - 2 * epsilon);
    assertEquals(0, regret(1, shifted));
  }

  /** The lower bound is no theorem for every instance: here δ = 1 and ε = 0.1. */
  @Example
  void theLowerBoundFailsOnAnInstanceWithOnePolicy() {
    double[][] policies = {{0, 1, 2}};
    double[][] shifted = {{-1, 0, 1}};
    assertEquals(0, regret(dpo(policies), shifted)); // not >= δ − 2ε = 0.8
  }
}
