package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.follower.WorstCase;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Metrics;
import io.sgpo.run.Options;
import io.sgpo.run.RoundReport;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.spi.Follower;
import io.sgpo.spi.StandardOptions;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SSAPO whose follower moves probabilities. */
class GapScaleTest {

  private static final TinyWorld WORLD = new TinyWorld(7);

  private final List<double[]> solved = new ArrayList<>();
  private final List<Ambiguity> sets = new ArrayList<>();

  private static double sigmoid(double gap) {
    return 1 / (1 + Math.exp(-gap));
  }

  private static String digest(long seed, UnaryOperator<Aligner.Builder> options) {
    TinyWorld world = new TinyWorld(seed);
    try (TabularPolicy policy = world.policy()) {
      options.apply(world.rounds(policy)).build().align();
      return TinyWorld.digest(policy);
    }
  }

  private static Alignment run(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = WORLD.policy()) {
      return options.apply(WORLD.rounds(policy).gapScale(GapScale.PROBABILITY)).build().align();
    }
  }

  private Follower recording() {
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

  @ParameterizedTest
  @EnumSource
  void radiusZeroIsIterativeDpoToTheLastBit(LeaderWeighting weighting) {
    UnaryOperator<Aligner.Builder> scaled =
        b -> b.gapScale(GapScale.PROBABILITY).weighting(weighting);
    for (long seed = 1; seed <= 2; seed++) {
      String iterative = digest(seed, builder -> builder.engine("iterative-dpo"));
      assertEquals(iterative, digest(seed, b -> scaled.apply(b).epsilon(0)));
      assertEquals(iterative, digest(seed, b -> scaled.apply(b).relativeRadius(0)));
      assertEquals(iterative, digest(seed, b -> scaled.apply(b).epsilon(0).tangents(6)));
      if (weighting != LeaderWeighting.UNIFORM) {
        assertNotEquals(iterative, digest(seed, b -> scaled.apply(b).relativeRadius(0.3)));
      }
    }
  }

  @Test
  void theScalesAreNotTheSame() {
    assertEquals(digest(5, b -> b), digest(5, b -> b.gapScale(GapScale.MARGIN)));
    assertNotEquals(digest(5, b -> b), digest(5, b -> b.gapScale(GapScale.PROBABILITY)));
  }

  @Test
  void itLearnsWhatTheSeedsSay() {
    try (TabularPolicy policy = WORLD.policy()) {
      double before = TinyWorld.quality(policy);
      WORLD.rounds(policy).gapScale(GapScale.PROBABILITY).build().align();
      assertTrue(TinyWorld.quality(policy) > before + 0.3);
    }
  }

  /** The support is that of the margins, the radius a share of mean p − a. */
  @Test
  void theFollowerSeesProbabilitiesOnTheSameSupport() {
    run(
        b ->
            b.rounds(1)
                .warmStartSteps(0)
                .supportMargin(2)
                .relativeRadius(0.25)
                .follower(recording()));
    for (double p : solved.get(0)) {
      assertEquals(0.5, p);
    }
    Ambiguity set = sets.get(0);
    assertEquals(sigmoid(-2), set.lower(), 1e-16);
    assertEquals(sigmoid(2), set.upper(), 1e-16);
    assertEquals(0.25 * (0.5 - sigmoid(-2)), set.radius(), 1e-16);
    assertEquals("-log p", set.loss().name());
  }

  @Test
  void reportsNameTheirScale() {
    for (RoundReport report : run(b -> b.epsilon(0.01)).rounds().subList(1, 3)) {
      assertEquals(0.01, report.metrics().get(Metrics.EPSILON_PROBABILITY).orElseThrow());
      assertTrue(report.metrics().get(Metrics.DUAL_PRICE_PROBABILITY).orElseThrow() > 0);
      assertTrue(report.metrics().get(Metrics.SATURATION).orElseThrow() > 0);
      assertFalse(report.metrics().get(Metrics.EPSILON).isPresent());
      assertFalse(report.metrics().get(Metrics.DUAL_PRICE).isPresent());
    }
    for (RoundReport report : run(b -> b).rounds().subList(1, 3)) {
      assertEquals(0.2, report.metrics().get(Metrics.SATURATION).orElseThrow(), 1e-12);
    }
  }

  @Test
  void knotsAreTheReferenceImplementationsUnlessSet() {
    run(b -> b.epsilon(0.01).tangents(4).follower(recording()));
    for (Ambiguity set : sets) {
      assertEquals("probability tangents(4)", set.loss().name());
      assertEquals(1 + Math.log(4), set.loss().value(0), 1e-15); // the tangent at 1/4
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyRuleForKnotsServesBothScales(TangentKnots knots) {
    for (GapScale scale : GapScale.values()) {
      sets.clear();
      run(b -> b.gapScale(scale).tangents(5).tangentKnots(knots).follower(recording()));
      for (int i = 0; i < sets.size(); i++) {
        Ambiguity set = sets.get(i);
        double loss = exactLoss(scale, touched(scale, knots, set, solved.get(i)));
        double surrogate = set.loss().value(touched(scale, knots, set, solved.get(i)));
        assertEquals(loss, surrogate, 1e-12, knots + " on " + scale);
      }
      solved.clear();
    }
  }

  private static double exactLoss(GapScale scale, double position) {
    return scale == GapScale.MARGIN ? Math.log1p(Math.exp(-position)) : -Math.log(position);
  }

  /** The second of five knots. */
  private static double touched(
      GapScale scale, TangentKnots knots, Ambiguity set, double[] positions) {
    return switch (knots) {
      case UNIFORM -> set.lower() + 0.25 * (set.upper() - set.lower());
      case QUANTILES -> quartile(positions);
      case PROBABILITY -> {
        double a = sigmoid(set.lower());
        double p = a + 0.25 * (sigmoid(set.upper()) - a);
        yield scale == GapScale.PROBABILITY ? 0.4 : Math.log(p / (1 - p));
      }
    };
  }

  private static double quartile(double[] positions) {
    double[] sorted = positions.clone();
    Arrays.sort(sorted);
    double place = 0.25 * (sorted.length - 1);
    int below = (int) place;
    return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
  }

  @Test
  void knotsWithoutTangentsAreRefused() {
    Options alone = Options.none().with(StandardOptions.TANGENT_KNOTS, TangentKnots.QUANTILES);
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> FollowerOptions.from(alone));
    assertEquals(
        "tangentKnots must go with tangents, but was QUANTILES alone; set tangents too",
        refusal.getMessage());
  }

  @Test
  void saturationIsRefusedInUnitsOfProbability() {
    SaturationException refusal =
        assertThrows(SaturationException.class, () -> run(b -> b.epsilon(0.9)));
    assertTrue(refusal.largestUseful() < 0.9);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("mean probability - a = " + refusal.largestUseful()), message);
  }

  /** −log p is infinite at 0: the exact loss needs a support above it, tangents do not. */
  @Test
  void aSupportThatBeginsAtProbabilityZeroIsRefusedForTheExactLoss() {
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> run(b -> b.supportMargin(1000)));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("must begin above 0"), message);
    assertTrue(message.contains("sigmoid(min gap - supportMargin) was 0.0 at -99"), message);
    assertTrue(message.contains("set tangents"), message);
    Alignment surrogate = run(b -> b.supportMargin(1000).tangents(6));
    assertTrue(surrogate.lastRound().metrics().get(Metrics.MOVED_SHARE).orElseThrow() > 0);
  }

  @Test
  void aHighSaturationIsToldWithItsUnit() {
    List<String> warnings = new ArrayList<>();
    run(
        b ->
            b.relativeRadius(0.6)
                .listener(
                    new AlignmentListener() {
                      @Override
                      public void onWarning(String message) {
                        warnings.add(message);
                      }
                    }));
    assertTrue(warnings.get(0).contains("in units of probability"), warnings.toString());
  }

  /** Atoms of the proximal term are margins: logit of the mean probability, gaps left alone. */
  @Test
  void proximalTargetsAreMargins() {
    Options options =
        Options.none()
            .with(StandardOptions.GAP_SCALE, GapScale.PROBABILITY)
            .with(StandardOptions.SUPPORT_MARGIN, 1.5);
    double[] gaps = {-1, 0.5, 3, 60};
    FollowerOptions follower = FollowerOptions.from(options);
    double[] certain = {1, 1, 1, 1};
    GapProblem problem =
        new GapProblem(follower, new LabelledGaps(gaps, certain), follower.support().of(gaps));
    WorstCase worst = problem.solve(0.08);
    double[] atoms = problem.targets(worst);
    double[] means = worst.atoms();
    double[] moved = worst.moved();
    assertEquals(-2.5, atoms[0], 1e-12); // wholly moved to a = −1 − 1.5
    assertTrue(moved[1] > 0 && moved[1] < 1);
    assertEquals(Math.log(means[1] / (1 - means[1])), atoms[1], 1e-12);
    assertEquals(3, atoms[2]);
    assertEquals(60, atoms[3]); // its probability is 1 to rounding
    double free = finalGap(b -> b);
    double pulled = finalGap(b -> b.proximal(5));
    assertTrue(pulled < free, pulled + " against " + free);
  }

  private static double finalGap(UnaryOperator<Aligner.Builder> options) {
    Alignment result = run(b -> options.apply(b.stepsPerRound(60)));
    return Objects.requireNonNull(result.lastRound()).metrics().get(Metrics.GAP_MEAN).orElseThrow();
  }
}
