package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.policy.Sampling;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Draws from p = (0.1, 0.4, 0.2, 0.3), the second of two rows. */
class TokenDrawTest {

  private static final int DRAWS = 20_000;
  private static final double[] P = {0.1, 0.4, 0.2, 0.3};

  @Test
  void unfilteredDrawsHaveTheProbabilitiesOfTheSoftmax() {
    assertFrequencies(Sampling.of(1, 0), 0.1, 0.4, 0.2, 0.3);
  }

  @Test
  void topKKeepsTheMostProbable() {
    assertFrequencies(Sampling.of(1, 0).withTopK(2), 0, 4 / 7.0, 0, 3 / 7.0);
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesIt() {
    assertFrequencies(Sampling.of(1, 0).withTopP(0.69), 0, 4 / 7.0, 0, 3 / 7.0);
    assertFrequencies(Sampling.of(1, 0).withTopP(0.71), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0);
    assertFrequencies(Sampling.of(1, 0).withTopP(0.01), 0, 1, 0, 0);
  }

  @Test
  void topPIsTakenOfWhatTopKLeft() {
    // Of (4/7, 3/7) the first alone reaches 0.55.
    assertFrequencies(Sampling.of(1, 0).withTopK(2).withTopP(0.55), 0, 1, 0, 0);
  }

  @Test
  void temperatureComesFirst() {
    // p^2 / sum p^2 = (1, 16, 4, 9) / 30.
    assertFrequencies(
        Sampling.of(1, 0).withTemperature(0.5), 1 / 30.0, 16 / 30.0, 4 / 30.0, 9 / 30.0);
  }

  @Test
  void equalWeightsRankById() {
    float[] weights = {0.5f, 1, 0.5f, 1, 0.5f};
    for (int k = 1; k <= 5; k++) {
      TokenFilter filter = new TokenFilter(Sampling.of(1, 0).withTopK(k));
      filter.cut(weights);
      List<Integer> kept = IntStream.range(0, 5).filter(filter::keeps).boxed().toList();
      List<Integer> ranked = List.of(1, 3, 0, 2, 4).subList(0, k);
      assertEquals(ranked.stream().sorted().toList(), kept);
    }
  }

  @Test
  void theFilterKeepsWhatSortingKeeps() {
    SplittableRandom random = new SplittableRandom(9);
    for (int n = 0; n < 200; n++) {
      float[] weights = new float[1 + random.nextInt(60)];
      double spread = random.nextDouble() * 30;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) Math.exp(-Math.rint(random.nextDouble() * 20) / 20 * spread);
      }
      weights[random.nextInt(weights.length)] = 1;
      int topK = random.nextInt(weights.length + 3);
      double topP = random.nextInt(3) == 0 ? 1 : 1 - random.nextDouble();
      TokenFilter filter = new TokenFilter(Sampling.of(1, 0).withTopK(topK).withTopP(topP));
      filter.cut(weights);
      assertEquals(
          sorted(weights, topK, topP),
          IntStream.range(0, weights.length).filter(filter::keeps).boxed().toList());
    }
  }

  /** What top-k and then top-p keep, by sorting. */
  private static List<Integer> sorted(float[] weights, int topK, double topP) {
    List<Integer> ranked =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -weights[i]))
            .limit(topK == 0 ? weights.length : topK)
            .toList();
    double enough = topP * ranked.stream().mapToDouble(i -> weights[i]).sum();
    double mass = 0;
    int kept = 0;
    while (kept < ranked.size() && (kept == 0 || topP == 1 || mass < enough)) {
      mass += weights[ranked.get(kept++)];
    }
    return ranked.subList(0, kept).stream().sorted().toList();
  }

  @Test
  void blocksOfWeightsAreDrawnFromAsWeightsOneByOne() {
    SplittableRandom random = new SplittableRandom(3);
    for (int size : new int[] {1, 2, 511, 512, 513, 1024, 5000}) {
      float[] weights = new float[2 * size]; // the second of two rows
      for (int i = 0; i < weights.length; i++) {
        weights[i] = random.nextInt(3) == 0 ? random.nextInt(1 << 10) : 0; // sums are exact
      }
      weights[size + random.nextInt(size)] = 1;
      CumulativeWeights cumulative =
          new CumulativeWeights(FloatBuffer.wrap(weights), size, sums(weights, size));
      int place = 0;
      double sum = cumulative.sum(1);
      double before = 0;
      for (int i = 0; i < size; i++) {
        double after = before + weights[size + i];
        if (after > before) {
          assertEquals(i, cumulative.invert(1, before), "size " + size);
          assertEquals(i, cumulative.invert(1, Math.nextDown(after)), "size " + size);
          place = i;
        }
        before = after;
      }
      assertEquals(before, sum);
      assertEquals(place, cumulative.invert(1, sum), "rounding up to the sum");
    }
  }

  /** The sums of the rows' blocks. */
  private static float[] sums(float[] weights, int size) {
    int blocks = size / CumulativeWeights.BLOCK + 1;
    float[] sums = new float[weights.length / size * blocks];
    for (int i = 0; i < weights.length; i++) {
      sums[i / size * blocks + i % size / CumulativeWeights.BLOCK] += weights[i];
    }
    return sums;
  }

  private static TokenDraw draw(Sampling sampling, float[] weights, int vocabulary) {
    FloatBuffer buffer = FloatBuffer.wrap(weights);
    return TokenDraw.of(sampling, buffer, sums(weights, vocabulary), vocabulary, null);
  }

  @Test
  void logitsThatAreNoNumbersAreRefused() {
    TokenDraw draw = draw(Sampling.of(1, 0), new float[] {1, Float.NaN}, 2);
    assertThrows(ArithmeticException.class, () -> draw.draw(0, new SplittableRandom(1)));
    TokenDraw greedy = TokenDraw.greedy(new long[] {0}, new float[] {Float.NaN}, null);
    assertThrows(ArithmeticException.class, () -> greedy.draw(0, new SplittableRandom(1)));
  }

  private static void assertFrequencies(Sampling sampling, double... expected) {
    float[] weights = new float[2 * P.length];
    for (int i = 0; i < P.length; i++) {
      weights[i] = 1;
      weights[i + P.length] = (float) Math.pow(P[i] / 0.4, 1 / sampling.temperature());
    }
    TokenDraw draw = draw(sampling, weights, P.length);
    SplittableRandom random = new SplittableRandom(5);
    int[] counts = new int[P.length];
    for (int n = 0; n < DRAWS; n++) {
      TokenDraw.Drawn drawn = draw.draw(1, random);
      counts[drawn.token()]++;
      assertEquals(Math.log(expected[drawn.token()]), drawn.samplingLogProb(), 1e-6);
    }
    for (int i = 0; i < P.length; i++) {
      double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / DRAWS);
      assertEquals(expected[i], counts[i] / (double) DRAWS, 4 * deviation);
    }
  }
}
