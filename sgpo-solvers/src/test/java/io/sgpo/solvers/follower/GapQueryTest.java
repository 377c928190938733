package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.solvers.Golden;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.loss.ProbabilityLoss;
import io.sgpo.solvers.loss.ProbabilityTangents;
import io.sgpo.solvers.loss.Tangents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GapQueryTest {
  private static final Ambiguity BALL = Ambiguity.wasserstein(0.1).support(-2, 2);

  @TestFactory
  Stream<DynamicTest> goldenCases() {
    JsonNode cases = Golden.read("dro_cases_small.json").get("cases");
    return StreamSupport.stream(cases.spliterator(), false)
        .map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> check(c)));
  }

  private static void check(JsonNode c) {
    if (c.get("expect").asText().equals("reject")) {
      assertThrows(IllegalArgumentException.class, () -> solve(c));
      return;
    }
    JsonNode expected = c.get("expected");
    StreamedWorstCase worst = solve(c);
    assertEquals(expected.get("value").asDouble(), worst.value(), 1e-14);
    double lambda = Golden.number(expected.get("lambda_lo"));
    assertEquals(lambda, worst.dualPrice(), 1e-13 * lambda);
    double[] gaps = Golden.numbers(c.get("gaps"));
    double[] moved = Golden.numbers(expected.get("moved"));
    double[] gradient = Golden.numbers(expected.get("grad"));
    for (int i = 0; i < gaps.length; i++) {
      assertEquals(moved[i], worst.moved(gaps[i]), 1e-13);
      assertEquals(gradient[i], worst.gradient(gaps[i]), 1e-14);
    }
  }

  private static StreamedWorstCase solve(JsonNode c) {
    GapLoss loss =
        c.get("loss").asText().equals("exact")
            ? GapLoss.logistic()
            : Tangents.at(Golden.numbers(c.get("knots")));
    Ambiguity ambiguity =
        new Ambiguity(
            Golden.number(c.get("eps")),
            Golden.number(c.get("a")),
            Golden.number(c.get("b")),
            loss);
    return GapQueryProperties.run(
        GapQuery.of(ambiguity), Golden.numbers(c.get("gaps")), new Random(3));
  }

  /** What a cluster does: queries and digests travel as bytes, the empty digest is cloned. */
  @Test
  void aClusterAnswersWhatOneMachineAnswers() {
    double[] gaps = gaussian(100_000);
    for (GapLoss loss : List.of(GapLoss.logistic(), Tangents.quantiles(6, gaps))) {
      GapQuery query = GapQuery.relativeRadius(0.2).supportAround(1).loss(loss);
      while (!query.isAnswered()) {
        byte[] broadcast = bytes(query);
        byte[] zero = bytes(query.digest());
        GapDigest driver = (GapDigest) object(zero);
        for (int from = 0; from < gaps.length; from += 30_000) {
          GapQuery received = (GapQuery) object(broadcast);
          int to = Math.min(gaps.length, from + 30_000);
          GapDigest task = from == 0 ? received.digest() : (GapDigest) object(zero);
          driver.merge((GapDigest) object(bytes(task.add(Arrays.copyOfRange(gaps, from, to)))));
        }
        query = ((GapQuery) object(bytes(query))).next(driver);
      }
      StreamedWorstCase worst = (StreamedWorstCase) object(bytes(query.answer()));
      WorstCase expected = Followers.exact().solve(gaps, worst.ambiguity());
      assertEquals(expected.threshold(), worst.threshold());
      assertEquals(expected.dualPrice(), worst.dualPrice());
      assertEquals(expected.value(), worst.value(), 1e-14);
      assertEquals(3, worst.passes());
    }
  }

  @Test
  void theLogisticLossComesBackAsItself() {
    assertSame(GapLoss.logistic(), object(bytes(GapLoss.logistic())));
  }

  /** No digest grows with the gaps. */
  @Test
  void digestsAreSmall() {
    double[] chunk = gaussian(30_000);
    GapQuery query = GapQuery.of(Ambiguity.wasserstein(0.1).supportAround(chunk, 1));
    while (!query.isAnswered()) {
      GapDigest digest = query.digest();
      for (int i = 0; i < 20; i++) {
        digest.add(chunk);
      }
      assertTrue(bytes(digest).length < 700_000);
      query = query.next(digest);
    }
    assertEquals(600_000, query.answer().size());
  }

  @Test
  void localPartitionsGiveTheSameBitsForEveryNumberOfThreads() throws Exception {
    double[] gaps = gaussian(100_000);
    List<GapPartition> partitions = partitions(gaps, 7);
    GapQuery query = GapQuery.wasserstein(0.3).supportAround(1);
    StreamedWorstCase worst = StreamingFollower.solve(query, partitions);
    WorstCase expected = Followers.exact().solve(gaps, worst.ambiguity());
    assertEquals(expected.threshold(), worst.threshold());
    assertEquals(expected.value(), worst.value(), 1e-14);
    for (int threads : new int[] {1, 3}) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        double value = pool.submit(() -> StreamingFollower.solve(query, partitions)).get().value();
        assertEquals(worst.value(), value);
      } finally {
        pool.shutdown();
      }
    }
  }

  @Test
  void floatsAndDoublesAreOneStream() {
    double[] gaps = gaussian(5000);
    float[] floats = new float[gaps.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) gaps[i];
      gaps[i] = floats[i];
    }
    GapQuery query = GapQuery.wasserstein(0.3).supportAround(1);
    StreamedWorstCase single =
        StreamingFollower.solve(query, List.of(GapPartition.of(floats), GapPartition.of(gaps)));
    StreamedWorstCase twice =
        StreamingFollower.solve(query, List.of(GapPartition.of(gaps), GapPartition.of(gaps)));
    assertEquals(twice.value(), single.value());
    assertEquals(twice.threshold(), single.threshold());
    assertEquals(10_000, single.size());
  }

  /** At policy = reference every gap is 0, however many there are: no narrowing is needed. */
  @Test
  void equalGapsTakeTwoPasses() {
    double[] zeros = new double[200_000];
    StreamedWorstCase worst =
        StreamingFollower.solve(
            GapQuery.wasserstein(0.5).support(-1, 1), List.of(GapPartition.of(zeros)));
    assertEquals(2, worst.passes());
    assertEquals(0.5, worst.fraction());
    assertEquals(GapLoss.logistic().chordSlope(-1, 0), worst.dualPrice());
  }

  @Test
  void endsWithoutAPassOverLossesWhereNothingIsLeftToAsk() {
    StreamedWorstCase saturated =
        StreamingFollower.solve(
            GapQuery.wasserstein(3).support(-1, 1), List.of(GapPartition.of(new double[] {0, 1})));
    assertEquals(Status.SATURATED, saturated.status());
    assertEquals(1, saturated.passes());
    assertEquals(2, saturated.saturation());
    assertEquals(0, saturated.weight(0, LeaderWeighting.ENVELOPE));
    assertEquals(0, saturated.leader(LeaderWeighting.ENVELOPE).coefficient(0, 0.5));
    assertEquals(0, saturated.gradient(1));
  }

  @Test
  void refusesGapsByPartitionAndIndex() {
    GapDigest digest = GapQuery.of(BALL).digest().add(new double[] {0, 1});
    String nan = Refusals.message(() -> digest.add(new double[] {1, Double.NaN}));
    assertTrue(nan.startsWith("gaps must be finite, but gap 3 was NaN"), nan);
    List<GapPartition> partitions =
        List.of(
            GapPartition.of(new double[] {0}),
            GapPartition.of(new float[] {0, 2.5f}),
            GapPartition.of(new double[] {Double.NaN}));
    String outside = Refusals.message(() -> StreamingFollower.solve(GapQuery.of(BALL), partitions));
    assertTrue(
        outside.startsWith("partition 1: gaps must lie in the support [-2.0, 2.0], but gap 1"),
        outside);
  }

  @Test
  void refusesNoGaps() {
    GapQuery query = GapQuery.of(BALL);
    assertEquals("gaps must not be empty", Refusals.message(() -> query.next(query.digest())));
    assertEquals(
        "gaps must not be empty",
        Refusals.message(
            () -> StreamingFollower.solve(query, List.of(GapPartition.of(new double[0])))));
    assertEquals(
        "partitions must not be empty",
        Refusals.message(() -> StreamingFollower.solve(query, List.of())));
  }

  @Test
  void refusesDigestsOfAnotherQuery() {
    GapQuery query = GapQuery.of(BALL);
    GapDigest digest = query.digest().add(new double[] {0, 1});
    GapDigest other = GapQuery.wasserstein(0.1).support(-3, 2).digest();
    String message = Refusals.message(() -> digest.merge(other));
    assertEquals(
        "digests must answer the same query,"
            + " but were of pass 1 over [-2.0, 2.0], radius 0.1, loss logistic"
            + " and pass 1 over [-3.0, 2.0], radius 0.1, loss logistic",
        message);
    assertTrue(Refusals.message(() -> query.next(other)).startsWith("digests must answer"));
    GapQuery second = query.next(digest);
    assertTrue(Refusals.message(() -> second.next(digest)).startsWith("digests must answer"));
    assertTrue(Refusals.message(() -> digest.merge(digest)).contains("itself"));
  }

  @Test
  void refusesGapsThatChangeBetweenPasses() {
    GapQuery query = GapQuery.of(BALL);
    GapQuery second = query.next(query.digest().add(new double[] {0, 1}));
    GapDigest fewer = second.digest().add(new double[] {0});
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> second.next(fewer));
    assertEquals(
        "the gaps must be the same in every pass,"
            + " but 1 gaps were found where an earlier pass found 2",
        refusal.getMessage());
    GapDigest moved = second.digest().add(new double[] {0, -1});
    assertThrows(IllegalStateException.class, () -> second.next(moved));
  }

  @Test
  void refusesWhatIsOutOfOrder() {
    GapQuery query = GapQuery.of(BALL);
    assertThrows(IllegalStateException.class, query::answer);
    GapQuery second = query.next(query.digest().add(new double[] {0, 1}));
    assertThrows(IllegalStateException.class, () -> second.loss(GapLoss.logistic()));
    GapQuery done = second.next(second.digest().add(new double[] {0, 1}));
    assertTrue(done.isAnswered());
    assertThrows(IllegalStateException.class, done::digest);
  }

  @Test
  void refusesNumbersThatAreNoProblem() {
    assertEquals(
        "epsilon must be >= 0, but was -0.5", Refusals.message(() -> GapQuery.wasserstein(-0.5)));
    assertEquals(
        "relativeRadius must be in [0, 1), but was 1.0",
        Refusals.message(() -> GapQuery.relativeRadius(1)));
    for (double margin : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "tau must be finite and >= 0, but was " + margin,
          Refusals.message(() -> GapQuery.wasserstein(1).supportAround(margin)));
    }
    assertTrue(
        Refusals.message(() -> GapQuery.wasserstein(1).support(2, 1)).contains("[2.0, 1.0]"));
  }

  @Test
  void atomsNeedASupportFromTheSmallestGap() {
    List<GapPartition> partitions = List.of(GapPartition.of(new double[] {3, 1, 2, 1}));
    StreamedWorstCase wide =
        StreamingFollower.solve(GapQuery.wasserstein(0.375).support(-5, 5), partitions);
    UnsupportedOperationException refusal =
        assertThrows(UnsupportedOperationException.class, () -> wide.leader(LeaderWeighting.ATOMS));
    assertTrue(refusal.getMessage().contains("supportAround(0)"), refusal.getMessage());
    StreamedWorstCase onPairs =
        StreamingFollower.solve(GapQuery.wasserstein(0.375).supportAround(0), partitions);
    assertEquals(1.625, onPairs.weight(1, LeaderWeighting.ATOMS)); // by hand, as in memory
    assertEquals(0, onPairs.weight(2, LeaderWeighting.ATOMS));
    assertEquals(0.75, onPairs.weight(3, LeaderWeighting.ATOMS));
  }

  @Test
  void atomsNeedThatSupportForAWeightToo() {
    StreamedWorstCase wide =
        StreamingFollower.solve(
            GapQuery.wasserstein(0.375).support(-5, 5),
            List.of(GapPartition.of(new double[] {3, 1, 2})));
    UnsupportedOperationException refusal =
        assertThrows(
            UnsupportedOperationException.class, () -> wide.weight(1, LeaderWeighting.ATOMS));
    assertEquals(
        "ATOMS needs a support that begins at the smallest gap 1.0, but it begins at -5.0;"
            + " ask GapQuery.wasserstein(0.375).supportAround(0)",
        refusal.getMessage());
  }

  /** Few gaps are not narrowed: the second pass asks for all of them. */
  @Test
  void countsItsPasses() {
    GapQuery query = GapQuery.of(BALL);
    assertEquals(1, query.pass());
    GapQuery second = query.next(query.digest().add(new double[] {1, 0.25}));
    assertEquals(2, second.pass());
    String unanswered = assertThrows(IllegalStateException.class, second::answer).getMessage();
    assertEquals("the query must be answered, but asks for pass 2", unanswered);
    assertTrue(second.toString().contains("pass 2 over [0.25, 1.0]"), second::toString);
    GapDigest digest = second.digest().add(new double[] {1, 0.25});
    GapQuery done = second.next(digest);
    assertEquals(3, done.pass());
    assertTrue(done.toString().contains("SOLVED"), done::toString);
    String again = assertThrows(IllegalStateException.class, () -> done.next(digest)).getMessage();
    assertEquals("the query is answered after 2 passes", again);
    assertEquals(2, done.answer().passes());
  }

  @Test
  void withoutRadiusTheSecondPassAddsTheLosses() {
    GapQuery query = GapQuery.wasserstein(0).support(-1, 2);
    GapQuery second = query.next(query.digest().add(new double[] {0, 0}));
    assertEquals(2, second.pass());
    GapQuery done = second.next(second.digest().add(new double[] {0, 0}));
    assertEquals(3, done.pass());
    assertEquals(Status.NOMINAL, done.answer().status());
    assertEquals(2, done.answer().passes());
    assertEquals(Math.log(2), done.answer().value(), 1e-16);
  }

  /** The second pass narrows from the first gap on that a digest cannot keep. */
  @Test
  void asManyGapsAsADigestKeepsAreNotNarrowed() {
    for (int more = 0; more <= 1; more++) {
      double[] gaps = gaussian(GapQuery.CAPACITY + more);
      GapQuery query = GapQuery.wasserstein(0.3).supportAround(1);
      StreamedWorstCase worst = StreamingFollower.solve(query, List.of(GapPartition.of(gaps)));
      assertEquals(2 + more, worst.passes());
    }
  }

  @Test
  void refusesGapsThatChangeWhileTheyAreNarrowed() {
    double[] gaps = gaussian(GapQuery.CAPACITY + 1);
    GapQuery query = GapQuery.wasserstein(0.3).supportAround(1);
    GapQuery second = query.next(query.digest().add(gaps));
    GapDigest fewer = second.digest().add(Arrays.copyOf(gaps, GapQuery.CAPACITY));
    String refusal =
        assertThrows(IllegalStateException.class, () -> second.next(fewer)).getMessage();
    assertEquals(
        "the gaps must be the same in every pass,"
            + " but 65536 gaps were found where an earlier pass found 65537",
        refusal);
  }

  /**
   * A hundred gaps in each of a thousand octaves, the marginal one near 2^109: extent; equal
   * widths, which leave all gaps below 2^988; as many doubles each, which leave some thirty;
   * losses. Equal widths alone would take a pass for every twelve octaves.
   */
  @Test
  void gapsOfEveryScaleAreNarrowedByTheirDoubles() {
    double[] gaps = new double[100_000];
    Arrays.setAll(gaps, i -> Math.pow(2, i / 100.0));
    GapQuery query = GapQuery.wasserstein(0x1p100).supportAround(0.5);
    StreamedWorstCase worst = StreamingFollower.solve(query, List.of(GapPartition.of(gaps)));
    assertEquals(4, worst.passes());
    double spent = 0;
    int marginal = 0;
    while (spent + gaps[marginal] <= 1e5 * 0x1p100) {
      spent += gaps[marginal++];
    }
    assertEquals(gaps[marginal], worst.threshold());
  }

  private static double[] gaussian(int size) {
    SplittableRandom random = new SplittableRandom(11);
    double[] gaps = new double[size];
    Arrays.setAll(gaps, i -> 0.3 + random.nextGaussian());
    return gaps;
  }

  private static List<GapPartition> partitions(double[] gaps, int count) {
    List<GapPartition> partitions = new ArrayList<>();
    int each = (gaps.length - 1) / count + 1;
    IntStream.range(0, count)
        .forEach(
            k ->
                partitions.add(
                    GapPartition.of(
                        Arrays.copyOfRange(
                            gaps, k * each, Math.min(gaps.length, (k + 1) * each)))));
    return partitions;
  }

  private static byte[] bytes(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static Object object(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** A digest that sums another loss, or was asked with another radius, is no answer. */
  @Test
  void refusesDigestsOfAnotherLossOrRadius() {
    double[] gaps = gaussian(5000);
    Ambiguity ball = Ambiguity.wasserstein(0.3).support(-6, 6);
    GapQuery logistic = GapQuery.of(ball);
    GapQuery tangents = GapQuery.of(ball.loss(Tangents.uniform(5, -6, 6)));
    GapQuery wider = GapQuery.of(Ambiguity.wasserstein(0.4).support(-6, 6));
    for (GapQuery other : List.of(tangents, wider)) {
      GapDigest answer = other.digest().add(gaps);
      assertTrue(
          Refusals.message(() -> logistic.next(answer)).startsWith("digests must answer"),
          other::toString);
      assertTrue(
          Refusals.message(() -> logistic.digest().merge(answer))
              .startsWith("digests must answer"));
    }
  }

  /** As of a source that is computed afresh for every pass, and differently. */
  @Test
  void gapsThatChangeBetweenPassesAreNoticed() {
    double[] gaps = gaussian(20_000);
    for (double radius : new double[] {0, 0.3}) {
      GapQuery first = GapQuery.of(Ambiguity.wasserstein(radius).support(-6, 6));
      GapQuery second = first.next(first.digest().add(gaps));
      for (double other :
          new double[] {
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -5.9, 5.9
          }) {
        double[] changed = Arrays.stream(gaps).map(gap -> gap > 1 ? other : gap).toArray();
        GapDigest digest = second.digest().add(changed);
        String message =
            assertThrows(IllegalStateException.class, () -> second.next(digest)).getMessage();
        assertTrue(message.startsWith("the gaps must be the same in every pass"), message);
      }
      assertTrue(second.next(second.digest().add(gaps)).isAnswered());
    }
  }

  @Test
  void queriesOnTheScaleOfProbabilitiesTravel() throws Exception {
    for (GapLoss loss : List.of(ProbabilityLoss.exact(), new ProbabilityTangents(6))) {
      GapQuery query = GapQuery.of(Ambiguity.wasserstein(0.1).support(0.01, 1).loss(loss));
      double[] gaps = {0.2, 0.5, 0.9};
      GapQuery there = (GapQuery) object(bytes(query));
      GapQuery second = there.next(there.digest().add(gaps));
      double value = second.next(second.digest().add(gaps)).answer().value();
      assertEquals(
          Followers.exact()
              .solve(gaps, Ambiguity.wasserstein(0.1).support(0.01, 1).loss(loss))
              .value(),
          value,
          1e-14);
    }
  }
}
