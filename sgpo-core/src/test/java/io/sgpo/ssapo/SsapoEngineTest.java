package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.Options;
import io.sgpo.run.Progress;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.spi.Follower;
import io.sgpo.spi.StandardOptions;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SsapoEngineTest {

  private static final TinyWorld WORLD = new TinyWorld(7);

  private static String digest(long seed, UnaryOperator<Aligner.Builder> options) {
    TinyWorld world = new TinyWorld(seed);
    try (TabularPolicy policy = world.policy()) {
      options.apply(world.rounds(policy)).build().align();
      return TinyWorld.digest(policy);
    }
  }

  @ParameterizedTest
  @EnumSource
  void radiusZeroIsIterativeDpoToTheLastBit(LeaderWeighting weighting) {
    for (long seed = 1; seed <= 3; seed++) {
      String iterative = digest(seed, builder -> builder.engine("iterative-dpo"));
      assertEquals(iterative, digest(seed, b -> b.weighting(weighting).epsilon(0)));
      assertEquals(iterative, digest(seed, b -> b.weighting(weighting).relativeRadius(0)));
      assertEquals(iterative, digest(seed, b -> b.weighting(weighting).epsilon(0).tangents(6)));
      if (weighting != LeaderWeighting.UNIFORM) {
        assertNotEquals(iterative, digest(seed, b -> b.weighting(weighting).relativeRadius(0.3)));
      }
    }
  }

  @Test
  void uniformWeightingIsIterativeDpoAtEveryRadius() {
    assertEquals(
        digest(4, builder -> builder.engine("iterative-dpo")),
        digest(4, builder -> builder.weighting(LeaderWeighting.UNIFORM).relativeRadius(0.4)));
  }

  @Test
  void theSameOptionsGiveTheSameBytesAndAnotherSeedOthers() {
    assertEquals(digest(5, b -> b), digest(5, b -> b));
    assertNotEquals(digest(5, b -> b), digest(5, b -> b.seed(6)));
  }

  @Test
  void microBatchesDoNotMatter() {
    assertEquals(digest(5, b -> b.microBatchSize(1)), digest(5, b -> b.microBatchSize(100)));
  }

  @Test
  void itLearnsWhatTheSeedsSay() {
    try (TabularPolicy policy = WORLD.policy()) {
      double before = TinyWorld.quality(policy);
      Alignment result = WORLD.rounds(policy).build().align();
      assertTrue(TinyWorld.quality(policy) > before + 0.3);
      assertEquals("ssapo", result.engine());
      assertEquals(List.of(0, 1, 2), result.rounds().stream().map(RoundReport::round).toList());
    }
  }

  /** Every annotated pair ranks as the implicit reward at temperature 1 did when it was drawn. */
  @Test
  void pairsAreRankedByTheImplicitRewardWhateverTheSamplingTemperature() {
    try (TabularPolicy policy = WORLD.policy();
        FrozenPolicy reference = policy.reference()) {
      List<Double> errors = new ArrayList<>();
      WORLD.aligner(policy).engine("dpo").epochs(3).build().align();
      String warm = TinyWorld.digest(policy);
      try (TabularPolicy again = WORLD.policy()) {
        Alignment one = WORLD.rounds(again).rounds(1).temperature(3).build().align();
        for (AnnotatedPair annotated : one.annotations()) {
          PreferencePair pair = annotated.pair();
          double reward =
              0.1
                  * (TinyWorld.logProb(policy, pair.prompt(), pair.chosen())
                      - TinyWorld.logProb(policy, pair.prompt(), pair.rejected())
                      - reference.logProbs(List.of(pair.chosenExchange())).get(0).sum()
                      + reference.logProbs(List.of(pair.rejectedExchange())).get(0).sum());
          errors.add(Math.abs(reward - annotated.margin()));
          assertTrue(annotated.margin() > 0);
        }
      }
      assertFalse(errors.isEmpty());
      errors.forEach(error -> assertEquals(0, error, 1e-15));
      assertEquals(warm, TinyWorld.digest(policy));
    }
  }

  @Test
  void pairsAccumulateAndAreCounted() {
    try (TabularPolicy policy = WORLD.policy()) {
      Alignment result = WORLD.rounds(policy).epochsPerRound(2).build().align();
      int seeds = WORLD.seeds().size();
      double first = value(result.rounds().get(1), Metrics.ANNOTATED);
      double second = value(result.rounds().get(2), Metrics.ANNOTATED);
      assertEquals(seeds + first, value(result.rounds().get(1), Metrics.PAIRS));
      assertEquals(seeds + first + second, value(result.rounds().get(2), Metrics.PAIRS));
      assertEquals(6, first + value(result.rounds().get(1), Metrics.DROPPED));
      assertEquals(first + second, result.annotations().size());
      double steps = Math.ceil((seeds + first) / 8);
      assertEquals(2 * steps, value(result.rounds().get(1), Metrics.STEPS));
      assertEquals(1, value(result.rounds().get(1), Metrics.RESPONSE_LENGTH));
    }
  }

  private static double value(RoundReport report, Metric metric) {
    return report.metrics().get(metric).orElseThrow();
  }

  /** At policy = reference all gaps are 0 and mean ξ − a is τ. */
  @Test
  void withoutWarmStartTheFirstSolveSeesGapsOfZero() {
    try (TabularPolicy policy = WORLD.policy()) {
      List<double[]> solved = new ArrayList<>();
      List<Ambiguity> sets = new ArrayList<>();
      Alignment result =
          WORLD
              .rounds(policy)
              .rounds(1)
              .warmStartSteps(0)
              .supportMargin(2)
              .relativeRadius(0.25)
              .follower(recording(solved, sets))
              .build()
              .align();
      for (double gap : solved.get(0)) {
        assertEquals(0, gap);
      }
      assertEquals(0.5, sets.get(0).radius());
      assertEquals(-2, sets.get(0).lower());
      assertEquals(0, result.annotations().size());
      assertEquals(
          12.0,
          value(result.lastRound(), AnnotationMetrics.DROPPED_EQUAL_SCORE)
              + value(result.lastRound(), AnnotationMetrics.DROPPED_EQUAL_TEXT));
      assertTrue(value(result.lastRound(), Metrics.GAP_MEAN) > 0);
    }
  }

  @Test
  void theFollowerIsSolvedAtEvenlySpacedStepsOnFreshOrLastSeenGaps() {
    for (int refreshes : new int[] {1, 3, 4, 1000}) {
      try (TabularPolicy policy = WORLD.policy()) {
        List<double[]> solved = new ArrayList<>();
        WORLD
            .rounds(policy)
            .rounds(1)
            .stepsPerRound(10)
            .refreshesPerRound(refreshes)
            .follower(recording(solved, new ArrayList<>()))
            .build()
            .align();
        assertEquals(Math.min(refreshes, 10), solved.size());
        for (double[] gaps : solved) {
          for (double gap : gaps) {
            assertTrue(Double.isFinite(gap));
          }
        }
      }
    }
    for (int solves = 1; solves <= 10; solves++) {
      int due = 0;
      for (int step = 0; step < 10; step++) {
        due += new Refresh(Refresh.Unit.PER_ROUND, solves).isDue(step, 10) ? 1 : 0;
      }
      assertEquals(solves, due);
    }
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
  void tangentsSolveTheSurrogate() {
    try (TabularPolicy policy = WORLD.policy()) {
      List<Ambiguity> sets = new ArrayList<>();
      WORLD
          .rounds(policy)
          .epsilon(0.01)
          .tangents(6)
          .follower(recording(new ArrayList<>(), sets))
          .build()
          .align();
      sets.forEach(set -> assertEquals("tangents(6)", set.loss().name()));
      sets.forEach(set -> assertEquals(0.01, set.radius()));
    }
  }

  @Test
  void saturationIsRefusedWithNumbersAndRemedy() {
    try (TabularPolicy policy = WORLD.policy()) {
      SaturationException refusal =
          assertThrows(
              SaturationException.class, () -> WORLD.rounds(policy).epsilon(50).build().align());
      assertEquals(50, refusal.epsilon());
      assertTrue(refusal.largestUseful() > 1);
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("was 50.0"), message);
      assertTrue(message.contains("mean gap - a = " + refusal.largestUseful()), message);
      assertTrue(message.contains("allowSaturation"), message);
    }
  }

  @Test
  void allowedSaturationWarnsAndTheRoundTeachesNothing() {
    try (TabularPolicy policy = WORLD.policy();
        TabularPolicy warm = WORLD.policy()) {
      List<String> warnings = new ArrayList<>();
      Alignment result =
          WORLD
              .rounds(policy)
              .epsilon(50)
              .allowSaturation(true)
              .listener(warnings(warnings))
              .build()
              .align();
      assertTrue(warnings.get(0).contains("saturates"));
      assertTrue(value(result.lastRound(), Metrics.SATURATION) > 1);
      WORLD.aligner(warm).engine("dpo").epochs(3).build().align();
      assertEquals(TinyWorld.digest(warm), TinyWorld.digest(policy));
    }
  }

  @Test
  void aRadiusAboveAHalfIsWarnedOfAndOneBelowIsNot() {
    List<String> warnings = new ArrayList<>();
    digest(7, b -> b.relativeRadius(0.6).listener(warnings(warnings)));
    assertTrue(warnings.get(0).contains("0.6"), warnings.toString());
    assertEquals(2, warnings.size(), "one per round");
    warnings.clear();
    digest(7, b -> b.relativeRadius(0.4).listener(warnings(warnings)));
    assertEquals(List.of(), warnings);
  }

  private static AlignmentListener warnings(List<String> into) {
    return new AlignmentListener() {
      @Override
      public void onWarning(String message) {
        into.add(message);
      }
    };
  }

  @Test
  void radiusAndSaturationAreReportedInEveryRound() {
    try (TabularPolicy policy = WORLD.policy()) {
      Alignment result = WORLD.rounds(policy).build().align();
      for (RoundReport report : result.rounds().subList(1, 3)) {
        assertEquals(0.2, value(report, Metrics.SATURATION), 1e-12);
        double moved = value(report, Metrics.MOVED_SHARE);
        assertTrue(moved > 0 && moved < 1);
        assertTrue(value(report, Metrics.EPSILON) > 0);
        assertTrue(value(report, Metrics.WEIGHT_MAX) > 1);
        double share = value(report, Metrics.EFFECTIVE_SAMPLE_SHARE);
        assertTrue(share > 0 && share <= 1);
      }
    }
  }

  @Test
  void theProximalTermPullsTheGapsTowardsTheWorstCase() {
    double free = finalGap(b -> b);
    double pulled = finalGap(b -> b.proximal(5));
    assertTrue(pulled < free, pulled + " against " + free);
  }

  private static double finalGap(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = WORLD.policy()) {
      Alignment result = options.apply(WORLD.rounds(policy).stepsPerRound(60)).build().align();
      return value(result.lastRound(), Metrics.GAP_MEAN);
    }
  }

  @Test
  void eventsArriveInOrder() {
    try (TabularPolicy policy = WORLD.policy()) {
      List<String> events = new ArrayList<>();
      WORLD
          .rounds(policy)
          .refreshesPerRound(1)
          .listener(
              new AlignmentListener() {
                @Override
                public void onProgress(Progress progress) {
                  String event = progress.phase() + progress.round();
                  if (events.isEmpty() || !events.get(events.size() - 1).equals(event)) {
                    events.add(event);
                  }
                  assertTrue(progress.done() <= progress.total());
                }

                @Override
                public void onStep(StepReport step) {
                  assertTrue(step.step() <= step.steps());
                }

                @Override
                public void onRound(RoundReport round) {
                  events.add("round" + round.round());
                }
              })
          .build()
          .align();
      assertEquals(
          List.of(
              "reference0",
              "train0",
              "round0",
              "annotate1",
              "score1",
              "follower1",
              "train1",
              "round1",
              "annotate2",
              "score2",
              "follower2",
              "train2",
              "round2"),
          events);
    }
  }

  @Test
  void promptsAreSharedOutInOrderTheFirstRoundsTakingWhatIsLeft() {
    RoundOptions rounds = RoundOptions.from(Options.none().with(StandardOptions.ROUNDS, 5));
    AnnotationPlan plan = new AnnotationPlan(rounds, TinyWorld.PROMPTS, null, null, null);
    List<Integer> sizes = new ArrayList<>();
    List<Object> joined = new ArrayList<>();
    for (int round = 1; round <= 5; round++) {
      sizes.add(plan.promptsOf(round).size());
      joined.addAll(plan.promptsOf(round));
    }
    assertEquals(List.of(3, 3, 2, 2, 2), sizes);
    assertEquals(TinyWorld.PROMPTS, joined);
  }
}
