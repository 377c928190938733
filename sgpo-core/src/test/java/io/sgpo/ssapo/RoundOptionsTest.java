package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sgpo.Aligner;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.follower.WorstCase;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Schedule;
import io.sgpo.preference.LossType;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.solvers.follower.EntropicFollower;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GroupedFollower;
import io.sgpo.solvers.follower.KlPenalty;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.testing.Refusals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of rounds, followers and losses, through the engines on a table. */
class RoundOptionsTest {

  private static final TinyWorld WORLD = new TinyWorld(7);

  private static String digest(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = WORLD.policy()) {
      options.apply(WORLD.rounds(policy)).build().align();
      return TinyWorld.digest(policy);
    }
  }

  private static Alignment run(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = WORLD.policy()) {
      return options.apply(WORLD.rounds(policy)).build().align();
    }
  }

  private static void refused(UnaryOperator<Aligner.Builder> options, String... parts) {
    try (TabularPolicy policy = WORLD.policy()) {
      Aligner.Builder builder = options.apply(WORLD.rounds(policy));
      Refusals.assertNames(IllegalStateException.class, builder::build, parts);
    }
  }

  private static double value(RoundReport report, Metric metric) {
    return report.metrics().get(metric).orElseThrow();
  }

  private static List<PreferencePair> softSeeds() {
    List<PreferencePair> seeds = new ArrayList<>(WORLD.seeds());
    for (int i = 0; i < seeds.size(); i += 2) {
      seeds.set(i, seeds.get(i).withProbability(0.6 + 0.005 * i));
    }
    return seeds;
  }

  /** Options of rounds, and options of the follower that come with them. */
  static Stream<Arguments> neutral() {
    UnaryOperator<Aligner.Builder> none = b -> b;
    return Stream.of(
        arguments("hinge", (UnaryOperator<Aligner.Builder>) b -> b.loss(LossType.HINGE), none),
        arguments("ipo", (UnaryOperator<Aligner.Builder>) b -> b.loss(LossType.IPO).beta(1), none),
        arguments("smoothed", (UnaryOperator<Aligner.Builder>) b -> b.labelSmoothing(0.1), none),
        arguments(
            "robust",
            (UnaryOperator<Aligner.Builder>) b -> b.loss(LossType.ROBUST).labelSmoothing(0.2),
            none),
        arguments(
            "soft labels",
            (UnaryOperator<Aligner.Builder>) b -> b.seedPreferences(softSeeds()),
            none),
        arguments(
            "newest",
            (UnaryOperator<Aligner.Builder>) b -> b.option(RoundOptions.PAIRS, RoundPairs.NEWEST),
            none),
        arguments(
            "seeds and newest",
            (UnaryOperator<Aligner.Builder>)
                b -> b.option(RoundOptions.PAIRS, RoundPairs.SEEDS_AND_NEWEST),
            none),
        arguments(
            "moving reference",
            (UnaryOperator<Aligner.Builder>)
                b -> b.option(RoundOptions.REFERENCE, RoundReference.ROUND),
            none),
        arguments(
            "counts of prompts",
            (UnaryOperator<Aligner.Builder>) b -> b.roundPrompts(List.of(3, 8)),
            none),
        arguments(
            "phases",
            (UnaryOperator<Aligner.Builder>)
                b ->
                    b.option(PreferenceTask.WARM_START_BETA, 0.5)
                        .option(PreferenceTask.WARM_START_LEARNING_RATE, 0.01)
                        .option(
                            PreferenceTask.WARM_START_SCHEDULE, Schedule.of(Schedule.Shape.LINEAR)),
            none),
        arguments("every step", none, (UnaryOperator<Aligner.Builder>) b -> b.refreshSteps(1)),
        arguments(
            "every batch",
            none,
            (UnaryOperator<Aligner.Builder>) b -> b.option(FollowerOptions.BATCH_FOLLOWER, true)),
        arguments("quantiles", none, (UnaryOperator<Aligner.Builder>) b -> b.supportQuantile(0.1)),
        arguments(
            "straight through",
            none,
            (UnaryOperator<Aligner.Builder>)
                b -> b.supportQuantile(0.1).option(FollowerOptions.STRAIGHT_THROUGH, true)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("neutral")
  void radiusZeroIsIterativeDpoToTheLastBit(
      String name, UnaryOperator<Aligner.Builder> rounds, UnaryOperator<Aligner.Builder> follower) {
    String iterative = digest(b -> rounds.apply(b.engine("iterative-dpo")));
    assertEquals(iterative, digest(b -> follower.apply(rounds.apply(b)).epsilon(0)));
    assertEquals(iterative, digest(b -> follower.apply(rounds.apply(b)).relativeRadius(0)));
    String followed = digest(b -> follower.apply(rounds.apply(b)).relativeRadius(0.3));
    boolean straight = name.equals("hinge"); // on gaps below 1, where chord and loss are one line
    assertEquals(straight, iterative.equals(followed));
  }

  @Test
  void everyOptionOfRoundsChangesTheRun() {
    List<String> digests = new ArrayList<>();
    digests.add(digest(b -> b.engine("iterative-dpo")));
    neutral()
        .limit(10)
        .forEach(
            arguments -> {
              @SuppressWarnings("unchecked")
              UnaryOperator<Aligner.Builder> rounds =
                  (UnaryOperator<Aligner.Builder>) arguments.get()[1];
              digests.add(digest(b -> rounds.apply(b.engine("iterative-dpo"))));
            });
    assertEquals(11, digests.size());
    assertEquals(11, digests.stream().distinct().count());
  }

  @Test
  void aPenaltyTowardsInfinityIsDpoAndTheSignsDiffer() {
    double plain = loss(b -> b);
    double far = loss(b -> b.option(PreferenceTask.KL_PENALTY, KlPenalty.optimistic(1e9)));
    double best = loss(b -> b.option(PreferenceTask.KL_PENALTY, KlPenalty.optimistic(0.01)));
    double worst = loss(b -> b.option(PreferenceTask.KL_PENALTY, KlPenalty.pessimistic(0.01)));
    assertEquals(plain, far, 1e-9);
    assertTrue(best > plain, best + " against " + plain); // what it finds unlikely it leaves alone
    assertNotEquals(best, worst);
    refused(
        b -> b.option(PreferenceTask.KL_PENALTY, KlPenalty.optimistic(1)), "ssapo", "klPenalty");
  }

  private static double loss(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = WORLD.policy()) {
      Alignment result =
          options.apply(WORLD.aligner(policy)).engine("dpo").steps(60).build().align();
      return value(result.lastRound(), Metrics.LOSS);
    }
  }

  @Test
  void roundsTakeTheirOwnNumbersOfPrompts() {
    Alignment result = run(b -> b.roundPrompts(List.of(2, 3, 6)).rounds(3));
    double[] counts =
        result.rounds().stream()
            .skip(1)
            .mapToDouble(r -> value(r, Metrics.ANNOTATED) + value(r, Metrics.DROPPED))
            .toArray();
    assertArrayEquals(new double[] {2, 3, 6}, counts);
    try (TabularPolicy policy = WORLD.policy()) {
      Alignment alone =
          WORLD
              .aligner(policy)
              .prompts(TinyWorld.PROMPTS)
              .roundPrompts(List.of(5, 5))
              .build()
              .align();
      assertEquals(2, alone.lastRound().round());
    }
    refused(b -> b.roundPrompts(List.of(6, 7)), "roundPrompts", "12", "13");
    try (TabularPolicy policy = WORLD.policy()) {
      Aligner.Builder differ = WORLD.rounds(policy).roundPrompts(List.of(1, 2, 3));
      Refusals.assertNames(
          IllegalArgumentException.class,
          differ::build,
          "rounds was 2",
          "roundPrompts",
          "[1, 2, 3]");
      Refusals.assertNames(
          IllegalArgumentException.class,
          () -> Aligner.builder().roundPrompts(List.of(1, 0)),
          "roundPrompts",
          "[1, 0]");
    }
  }

  @Test
  void aRoundTrainsOnThePairsItIsTold() {
    for (RoundPairs pairs : RoundPairs.values()) {
      Alignment result = run(b -> b.option(RoundOptions.PAIRS, pairs));
      double first = value(result.rounds().get(1), Metrics.ANNOTATED);
      double second = value(result.rounds().get(2), Metrics.ANNOTATED);
      double expected =
          switch (pairs) {
            case ALL -> 36 + first + second;
            case SEEDS_AND_NEWEST -> 36 + second;
            case NEWEST -> second;
          };
      assertEquals(expected, value(result.rounds().get(2), Metrics.PAIRS));
    }
  }

  /** Nothing to train on is a round without steps, not an error. */
  @Test
  void aRoundWithoutPairsTakesNoStep() {
    Alignment result = run(b -> b.warmStartSteps(0).option(RoundOptions.PAIRS, RoundPairs.NEWEST));
    for (RoundReport round : result.rounds()) {
      assertEquals(0, value(round, Metrics.STEPS));
      assertFalse(round.metrics().get(Metrics.LOSS).isPresent());
    }
  }

  /** Gaps are 0 at the start of every round, and pairs are still ranked by the first reference. */
  @Test
  void aMovingReferenceIsThePolicyAtTheStartOfTheRound() {
    List<double[]> solved = new ArrayList<>();
    Alignment result =
        run(
            b ->
                b.option(RoundOptions.REFERENCE, RoundReference.ROUND)
                    .refreshesPerRound(1)
                    .follower(recording(solved, new ArrayList<>())));
    assertEquals(2, solved.size());
    for (double[] gaps : solved) {
      assertArrayEquals(new double[gaps.length], gaps);
    }
    for (AnnotatedPair annotated : result.annotations()) {
      assertTrue(annotated.margin() > 0);
    }
    assertTrue(value(result.lastRound(), Metrics.CHOSEN_SHIFT) != 0);
  }

  private static Follower recording(List<double[]> solved, List<Ambiguity> sets) {
    return new Follower() {
      @Override
      public String name() {
        return "recording";
      }

      @Override
      public WorstCase solve(double[] gaps, Ambiguity ambiguity) {
        solved.add(gaps.clone());
        sets.add(ambiguity);
        return Followers.exact().solve(gaps, ambiguity);
      }
    };
  }

  @Test
  void theFollowerIsSolvedEverySoManySteps() {
    List<double[]> solved = new ArrayList<>();
    run(
        b ->
            b.rounds(1)
                .stepsPerRound(10)
                .refreshSteps(4)
                .follower(recording(solved, new ArrayList<>())));
    assertEquals(3, solved.size());
    refused(b -> b.refreshSteps(4).refreshesPerRound(2), "refreshSteps", "refreshesPerRound");
  }

  /** Each batch by itself, with the lower end that the round's gaps had or below. */
  @Test
  void theFollowerOfBatchesSeesBatches() {
    List<double[]> solved = new ArrayList<>();
    List<Ambiguity> sets = new ArrayList<>();
    Alignment result =
        run(
            b ->
                b.rounds(1)
                    .stepsPerRound(7)
                    .option(FollowerOptions.BATCH_FOLLOWER, true)
                    .follower(recording(solved, sets)));
    assertEquals(7, solved.size());
    for (int i = 0; i < 7; i++) {
      assertTrue(solved.get(i).length <= 8);
      double least = Arrays.stream(solved.get(i)).min().orElseThrow();
      assertEquals(Math.min(sets.get(0).lower(), least), sets.get(i).lower());
      double mean = Arrays.stream(solved.get(i)).average().orElseThrow();
      assertEquals(0.2 * (mean - sets.get(i).lower()), sets.get(i).radius(), 1e-12);
    }
    assertEquals(0.2, value(result.lastRound(), Metrics.SATURATION), 1e-12);
    // the round is reported by all of its batches
    double radius = sets.stream().mapToDouble(Ambiguity::radius).average().orElseThrow();
    assertEquals(radius, value(result.lastRound(), Metrics.EPSILON), 1e-12);
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < 7; i++) {
      WorstCase worst = Followers.exact().solve(solved.get(i), sets.get(i));
      double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
      least = Math.min(least, Arrays.stream(weights).min().orElseThrow());
      most = Math.max(most, Arrays.stream(weights).max().orElseThrow());
    }
    assertEquals(least, value(result.lastRound(), Metrics.WEIGHT_MIN));
    assertEquals(most, value(result.lastRound(), Metrics.WEIGHT_MAX));
  }

  @Test
  void quantilesClipAndCount() {
    List<double[]> solved = new ArrayList<>();
    List<Ambiguity> sets = new ArrayList<>();
    Alignment result = run(b -> b.supportQuantile(0.1).rounds(1).follower(recording(solved, sets)));
    for (int i = 0; i < solved.size(); i++) {
      assertEquals(sets.get(i).lower(), Arrays.stream(solved.get(i)).min().orElseThrow());
      assertEquals(sets.get(i).upper(), Arrays.stream(solved.get(i)).max().orElseThrow());
    }
    double clipped = value(result.lastRound(), Metrics.CLIPPED_SHARE);
    assertTrue(clipped > 0 && clipped < 0.25, "clipped " + clipped);
    assertNotEquals(
        digest(b -> b.supportQuantile(0.1)),
        digest(b -> b.supportQuantile(0.1).option(FollowerOptions.STRAIGHT_THROUGH, true)));
    refused(b -> b.supportQuantile(0.1).supportMargin(2), "supportMargin", "supportQuantile");
    refused(b -> b.option(FollowerOptions.STRAIGHT_THROUGH, true), "straightThrough");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "grouped", "lp", "primal-dual", "entropic"})
  void everyFollowerServes(String follower) {
    UnaryOperator<Aligner.Builder> options =
        b -> follower.equals("lp") ? b.follower(follower).tangents(6) : b.follower(follower);
    try (TabularPolicy policy = WORLD.policy()) {
      double before = TinyWorld.quality(policy);
      Alignment result = options.apply(WORLD.rounds(policy)).build().align();
      assertTrue(TinyWorld.quality(policy) > before + 0.3);
      assertTrue(value(result.lastRound(), Metrics.MOVED_SHARE) > 0);
    }
    assertEquals(digest(b -> b.engine("iterative-dpo")), digest(b -> options.apply(b).epsilon(0)));
  }

  @Test
  void losesThatNoFollowerCoversAreRefusedByName() {
    refused(b -> b.loss(LossType.IPO).follower("exact"), "follower", "IPO", "exact");
    refused(b -> b.loss(LossType.HINGE).tangents(6), "tangents", "HINGE", "6");
    refused(b -> b.labelSmoothing(0.1).weighting(LeaderWeighting.ATOMS), "weighting", "ATOMS");
    refused(b -> b.loss(LossType.IPO).gapScale(GapScale.PROBABILITY), "gapScale", "PROBABILITY");
    refused(
        b -> b.loss(LossType.HINGE).tangentKnots(TangentKnots.UNIFORM), "tangentKnots", "tangents");
    refused(
        b -> b.seedPreferences(softSeeds()).follower("grouped"),
        "follower must be exact",
        "grouped");
    refused(
        b -> b.seedPreferences(softSeeds()).option(FollowerOptions.GROUP_SIZE, 9),
        "groupSize must not be set",
        "9");
    refused(
        b -> b.loss(LossType.IPO).option(FollowerOptions.GROUP_SIZE, 9), "groupSize", "IPO", "9");
  }

  /** A follower in groups, or at a temperature, is that follower. */
  @Test
  void groupSizeAndTemperatureAreTheFollowers() {
    assertEquals(
        digest(b -> b.follower(Followers.grouped(9, 7))),
        digest(b -> b.option(FollowerOptions.GROUP_SIZE, 9)));
    assertEquals(
        digest(b -> b.follower(Followers.grouped(9, 3)).seed(3)),
        digest(b -> b.follower("grouped").option(FollowerOptions.GROUP_SIZE, 9).seed(3)));
    assertEquals(
        digest(b -> b.follower(new GroupedFollower(Followers.primalDual(), 9, 7))),
        digest(b -> b.follower("primal-dual").option(FollowerOptions.GROUP_SIZE, 9)));
    assertEquals(
        digest(b -> b.follower(Followers.entropic(0.3, EntropicFollower.DEFAULT_POINTS))),
        digest(b -> b.follower("entropic").option(FollowerOptions.FOLLOWER_TEMPERATURE, 0.3)));
    assertNotEquals(
        digest(b -> b.follower("entropic")),
        digest(b -> b.follower("entropic").option(FollowerOptions.FOLLOWER_TEMPERATURE, 0.3)));
    refused(
        b -> b.option(FollowerOptions.FOLLOWER_TEMPERATURE, 0.3),
        "follower must be entropic",
        "followerTemperature",
        "exact");
    outside(b -> b.option(FollowerOptions.GROUP_SIZE, 0), "groupSize must be >= 1", "0");
    outside(
        b -> b.follower("entropic").option(FollowerOptions.FOLLOWER_TEMPERATURE, 0.0),
        "followerTemperature must be finite and > 0",
        "0.0");
  }

  private static void outside(UnaryOperator<Aligner.Builder> options, String... parts) {
    try (TabularPolicy policy = WORLD.policy()) {
      Aligner.Builder builder = options.apply(WORLD.rounds(policy));
      Refusals.assertNames(IllegalArgumentException.class, builder::build, parts);
    }
  }

  @Test
  void weightsOfAtomsMayBeCapped() {
    UnaryOperator<Aligner.Builder> atoms =
        b -> b.weighting(LeaderWeighting.ATOMS).rounds(1).refreshesPerRound(1);
    RoundReport free = run(atoms).lastRound();
    double most = value(free, Metrics.WEIGHT_MAX);
    assertTrue(most > 1.5, "largest weight " + most);
    UnaryOperator<Aligner.Builder> capped =
        b -> atoms.apply(b).option(FollowerOptions.WEIGHT_CAP, 1.25);
    RoundReport report = run(capped).lastRound();
    assertEquals(1.25, value(report, Metrics.WEIGHT_MAX), 1e-12);
    assertTrue(
        value(report, Metrics.WEIGHT_MEAN) < value(free, Metrics.WEIGHT_MEAN),
        () -> free.metrics() + " capped " + report.metrics());
    assertNotEquals(digest(atoms), digest(capped));
    assertEquals(
        digest(atoms), digest(b -> atoms.apply(b).option(FollowerOptions.WEIGHT_CAP, 1e9)));
    refused(b -> b.option(FollowerOptions.WEIGHT_CAP, 2.0), "weightCap", "ATOMS", "was ENVELOPE");
    outside(
        b -> b.weighting(LeaderWeighting.ATOMS).option(FollowerOptions.WEIGHT_CAP, 0.5),
        "weightCap must be >= 1",
        "0.5");
  }

  @Test
  void howFarTheTangentsAreBelowTheLossIsReported() {
    List<Ambiguity> sets = new ArrayList<>();
    RoundReport report =
        run(b -> b.tangents(6).follower(recording(new ArrayList<>(), sets))).lastRound();
    Ambiguity last = sets.get(sets.size() - 1);
    double expected = ((Tangents) last.loss()).maxError(last.lower(), last.upper());
    assertTrue(expected > 0);
    assertEquals(expected, value(report, Metrics.SURROGATE_GAP));
    assertFalse(run(b -> b).lastRound().metrics().get(Metrics.SURROGATE_GAP).isPresent());
    RoundReport onProbabilities =
        run(b -> b.gapScale(GapScale.PROBABILITY).tangents(6)).lastRound();
    assertTrue(value(onProbabilities, Metrics.SURROGATE_GAP) > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HINGE", "IPO", "ROBUST", "SIGMOID"})
  void everyLossLearnsWithAFollower(String name) {
    LossType type = LossType.valueOf(name);
    try (TabularPolicy policy = WORLD.policy()) {
      double before = TinyWorld.quality(policy);
      Alignment result =
          WORLD
              .rounds(policy)
              .loss(type)
              .labelSmoothing(type == LossType.HINGE || type == LossType.IPO ? 0 : 0.1)
              .build()
              .align();
      assertTrue(TinyWorld.quality(policy) > before + 0.3);
      assertEquals(0.2, value(result.lastRound(), Metrics.SATURATION), 1e-9);
      assertTrue(
          value(result.lastRound(), Metrics.ROBUST_VALUE) > 0
              && value(result.lastRound(), Metrics.MOVED_SHARE) > 0);
      double least = value(result.lastRound(), Metrics.WEIGHT_MIN);
      double mean = value(result.lastRound(), Metrics.WEIGHT_MEAN);
      double share = value(result.lastRound(), Metrics.EFFECTIVE_SAMPLE_SHARE);
      double most = value(result.lastRound(), Metrics.WEIGHT_MAX);
      if (type == LossType.HINGE) { // all gaps are below 1, where every chord has the slope −1
        assertArrayEquals(new double[] {1, 1, 1, 1}, new double[] {least, mean, most, share}, 1e-9);
      } else {
        assertTrue(least < mean && mean < most, least + ", " + mean + ", " + most);
        assertTrue(share > 0 && share < 1, "effective share " + share);
      }
    }
  }

  /** A follower that is not listened to weights nothing, whatever the loss. */
  @ParameterizedTest
  @ValueSource(strings = {"SIGMOID", "IPO"})
  void uniformWeightsAreOne(String loss) {
    RoundReport report =
        run(b -> b.loss(LossType.valueOf(loss)).weighting(LeaderWeighting.UNIFORM)).lastRound();
    assertEquals(1, value(report, Metrics.WEIGHT_MIN));
    assertEquals(1, value(report, Metrics.WEIGHT_MAX));
    assertEquals(1, value(report, Metrics.EFFECTIVE_SAMPLE_SHARE), 1e-12);
  }

  /** One step on all seeds: what was seen is the policy at the start, which is the reference. */
  @Test
  void likelihoodsAndLengthsAreReported() {
    try (TabularPolicy policy = WORLD.policy();
        FrozenPolicy start = policy.reference()) {
      Alignment one = WORLD.aligner(policy).engine("dpo").batchSize(100).steps(1).build().align();
      double chosen =
          start
              .logProbs(WORLD.seeds().stream().map(PreferencePair::chosenExchange).toList())
              .stream()
              .mapToDouble(score -> score.sum())
              .average()
              .orElseThrow();
      assertEquals(chosen, value(one.lastRound(), Metrics.CHOSEN_LOG_PROB), 1e-12);
      assertEquals(0, value(one.lastRound(), Metrics.CHOSEN_SHIFT));
      assertEquals(0, value(one.lastRound(), Metrics.REJECTED_SHIFT));
      assertEquals(0, value(one.lastRound(), Metrics.GAP_MEDIAN));
      assertEquals(1, value(one.lastRound(), Metrics.CHOSEN_LENGTH));
      assertEquals(1, value(one.lastRound(), Metrics.REJECTED_LENGTH));
    }
    RoundReport last = run(b -> b).lastRound();
    assertTrue(value(last, Metrics.CHOSEN_SHIFT) > 0 && value(last, Metrics.REJECTED_SHIFT) < 0);
    double gap = 0.1 * (value(last, Metrics.CHOSEN_SHIFT) - value(last, Metrics.REJECTED_SHIFT));
    assertEquals(gap, value(last, Metrics.GAP_MEAN), 1e-12);
    assertTrue(
        value(last, Metrics.GAP_MIN) <= value(last, Metrics.GAP_LOWER_TAIL)
            && value(last, Metrics.GAP_LOWER_TAIL) <= value(last, Metrics.GAP_LOWER_QUARTILE)
            && value(last, Metrics.GAP_LOWER_QUARTILE) <= value(last, Metrics.GAP_MEDIAN)
            && value(last, Metrics.GAP_MEDIAN) <= value(last, Metrics.GAP_UPPER_QUARTILE)
            && value(last, Metrics.GAP_UPPER_QUARTILE) <= value(last, Metrics.GAP_UPPER_TAIL)
            && value(last, Metrics.GAP_UPPER_TAIL) <= value(last, Metrics.GAP_MAX));
    assertTrue(value(last, Metrics.LOG_RATIO) > 0);
  }

  /** The first step of the warm start has its own rate and β: ∂L/∂θ = β/2 of each response. */
  @Test
  void theWarmStartHasItsOwnRateAndBeta() {
    List<Double> norms = new ArrayList<>();
    run(
        b ->
            b.beta(0.1)
                .batchSize(100)
                .option(PreferenceTask.WARM_START_BETA, 0.4)
                .listener(norms(norms)));
    List<Double> plain = new ArrayList<>();
    run(b -> b.beta(0.1).batchSize(100).listener(norms(plain)));
    assertEquals(4 * plain.get(0), norms.get(0), 1e-12);
  }

  private static AlignmentListener norms(List<Double> into) {
    return new AlignmentListener() {
      @Override
      public void onStep(StepReport step) {
        into.add(step.result().gradientNorm());
      }
    };
  }
}
