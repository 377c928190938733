package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;

/** Partitions, chunks and merges in any order answer what the follower in memory answers. */
class GapQueryProperties {

  @Provide
  Arbitrary<Instance> any() {
    return Instance.any();
  }

  @Property(tries = 300)
  void answersWhatTheFollowerInMemoryAnswers(
      @ForAll("any") Instance instance, @ForAll Random random) {
    for (GapLoss loss : instance.losses()) {
      Ambiguity ambiguity =
          new Ambiguity(instance.radius(), instance.lower(), instance.upper(), loss);
      WorstCase expected = instance.solve(loss);
      StreamedWorstCase worst = run(GapQuery.of(ambiguity), instance.gaps(), random);
      agrees(expected, worst, instance.scale(loss));
      double[] moved = expected.moved();
      double[] gradient = expected.gradient();
      double[] atoms = expected.atoms();
      for (int i = 0; i < moved.length; i++) {
        double gap = instance.gaps()[i];
        assertEquals(moved[i], worst.moved(gap));
        assertEquals(gradient[i], worst.gradient(gap));
        assertEquals(atoms[i], worst.atom(gap));
      }
      assertTrue(worst.passes() <= 2);
    }
  }

  /** At the solved gaps every weighting is that of the follower in memory. */
  @Property(tries = 200)
  void weighsAsTheFollowerInMemory(@ForAll("any") Instance instance, @ForAll Random random) {
    for (GapLoss loss : instance.losses()) {
      WorstCase expected = instance.solve(loss);
      StreamedWorstCase worst =
          run(GapQuery.of(ambiguity(instance, loss)), instance.gaps(), random);
      GapQuery ownSupport = GapQuery.wasserstein(instance.radius()).supportAround(0).loss(loss);
      StreamedWorstCase onPairs = run(ownSupport, instance.gaps(), random);
      for (LeaderWeighting weighting : LeaderWeighting.values()) {
        double[] weights = expected.weights(weighting);
        StreamedWorstCase from = weighting == LeaderWeighting.ATOMS ? onPairs : worst;
        for (int i = 0; i < weights.length; i++) {
          double gap = instance.gaps()[i];
          assertEquals(weights[i], from.weight(gap, weighting), 1e-12 * (1 + weights[i]));
          assertEquals(
              expected.leader(weighting).coefficient(i, gap),
              from.leader(weighting).coefficient(i, gap),
              1e-12 * (1 + weights[i]));
        }
      }
    }
  }

  /** Support and radius that depend on the gaps: one more pass finds them. */
  @Property(tries = 200)
  void measuresTheSupportAndTheRelativeRadius(
      @ForAll("any") Instance instance,
      @ForAll @DoubleRange(min = 0, max = 0.99) double share,
      @ForAll Random random) {
    double[] gaps = instance.gaps();
    double margin = 0.5;
    double mean = Arrays.stream(gaps).average().orElseThrow();
    double a = Arrays.stream(gaps).min().orElseThrow() - margin;
    StreamedWorstCase worst =
        run(GapQuery.relativeRadius(share).supportAround(margin), gaps, random);
    assertEquals(a, worst.ambiguity().lower());
    assertEquals(share * (mean - a), worst.ambiguity().radius(), 1e-12 * (1 + Math.abs(mean - a)));
    assertEquals(mean, worst.mean(), 1e-13 * (1 + Math.abs(mean) + Math.abs(a)));
    agrees(
        Followers.exact().solve(gaps, worst.ambiguity()), worst, 1 + GapLoss.logistic().value(a));
  }

  /** More gaps than a digest collects, of shapes that equal widths cut badly. */
  @Property(tries = 24)
  void manyGaps(
      @ForAll Random random,
      @ForAll @IntRange(min = 0, max = 5) int shape,
      @ForAll @DoubleRange(min = 0.001, max = 0.999) @Scale(9) double share) {
    double[] gaps = new double[200_000];
    Arrays.setAll(
        gaps,
        i ->
            switch (shape) {
              case 0 -> random.nextGaussian();
              case 1 -> i == 17 ? 1e12 : random.nextGaussian();
              case 2 -> Math.round(2 * random.nextGaussian()) / 2.0;
              case 3 -> Math.scalb(1 + random.nextDouble(), random.nextInt(200));
              case 4 -> i % 3 == 0 ? random.nextGaussian() : 0.25;
              default -> i % 2 == 0 ? 1e-300 * random.nextInt(50) : i < 5 ? 1e200 : 0.5;
            });
    Instance around = Instance.around(gaps, 1, 2, 0);
    Instance instance = around.withRadius(share * around.meanDistance());
    GapLoss loss = GapLoss.logistic();
    StreamedWorstCase worst = run(GapQuery.of(ambiguity(instance, loss)), gaps, random);
    agrees(instance.solve(loss), worst, instance.scale(loss));
    assertTrue(worst.passes() <= 10, () -> "passes " + worst.passes());
  }

  /** Sums of quarters are exact: a budget spent between two gaps is met, however it is added up. */
  @Property(tries = 24)
  void spentBudgetsEndOnTheNextGap(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 15) int sixteenths) {
    int size = 1 << 17;
    double[] gaps = new double[size];
    Arrays.setAll(gaps, i -> random.nextInt(4000) / 4.0);
    double[] sorted = gaps.clone();
    Arrays.sort(sorted);
    int last = size / 16 * sixteenths - 1;
    while (sorted[last + 1] == sorted[last]) {
      last++;
    }
    double spent = Arrays.stream(sorted, 0, last + 1).map(gap -> gap + 1).sum();
    Ambiguity ambiguity = Ambiguity.wasserstein(spent / size).support(-1, 1000);
    StreamedWorstCase worst = run(GapQuery.of(ambiguity), gaps, random);
    assertEquals(sorted[last + 1], worst.threshold());
    assertEquals(0, worst.fraction());
    agrees(Followers.exact().solve(gaps, ambiguity), worst, 2);
  }

  private static Ambiguity ambiguity(Instance instance, GapLoss loss) {
    return new Ambiguity(instance.radius(), instance.lower(), instance.upper(), loss);
  }

  private static void agrees(WorstCase expected, StreamedWorstCase worst, double scale) {
    assertEquals(expected.status(), worst.status());
    assertEquals(expected.threshold(), worst.threshold(), "threshold");
    assertEquals(expected.dualPrice(), worst.dualPrice(), "dual price");
    assertEquals(expected.value(), worst.value(), 0x1p-43 * scale, "value");
    assertEquals(expected.saturation(), worst.saturation(), 1e-15 * (1 + expected.saturation()));
    assertEquals(expected.size(), worst.size());
    assertTrue(
        worst.certificate() >= 0 && worst.certificate() < 1e-11 * scale,
        () -> "certificate " + worst.certificate());
    if (expected.status() == Status.SOLVED) {
      assertTrue(Math.abs(worst.value() - expected.value()) <= worst.certificate());
    }
  }

  /** The protocol over random partitions, empty ones too, in random chunks and orders. */
  static StreamedWorstCase run(GapQuery first, double[] gaps, Random random) {
    GapQuery query = first;
    while (!query.isAnswered()) {
      List<GapDigest> digests = new ArrayList<>();
      for (double[] partition : split(gaps, random, 4)) {
        GapDigest digest = query.digest();
        for (double[] chunk : split(partition, random, 3)) {
          digest.add(chunk);
        }
        digests.add(digest);
      }
      digests.add(query.digest());
      Collections.shuffle(digests, random);
      query = query.next(digests.stream().reduce(GapDigest::merge).orElseThrow());
    }
    return query.answer();
  }

  private static List<double[]> split(double[] gaps, Random random, int parts) {
    int[] cuts = random.ints(parts - 1, 0, gaps.length + 1).sorted().toArray();
    List<double[]> result = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      result.add(Arrays.copyOfRange(gaps, from, cut));
      from = cut;
    }
    result.add(Arrays.copyOfRange(gaps, from, gaps.length));
    return result;
  }
}
