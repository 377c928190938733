package io.sgpo.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.ssapo.RoundOptions;
import io.sgpo.ssapo.RoundPairs;
import io.sgpo.ssapo.RoundReference;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.testing.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SpaEngineTest {

  private static final TinyWorld WORLD = new TinyWorld(7);

  private static double value(RoundReport report, Metric metric) {
    return report.metrics().get(metric).orElseThrow();
  }

  private static String digest(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = WORLD.policy()) {
      options.apply(WORLD.rounds(policy).engine("spa").epochsPerRound(20)).build().align();
      return TinyWorld.digest(policy);
    }
  }

  /** Without its smoothing it is iterative DPO on the newest pairs against the round's start. */
  @Test
  void withoutSmoothingItIsIterativeDpoWithAMovingReference() {
    assertEquals(
        digest(
            b ->
                b.engine("iterative-dpo")
                    .option(RoundOptions.PAIRS, RoundPairs.NEWEST)
                    .option(RoundOptions.REFERENCE, RoundReference.ROUND)),
        digest(b -> b.option(SpaEngine.SMOOTHING, 0.0)));
    assertNotEquals(
        digest(b -> b.option(SpaEngine.SMOOTHING, 0.0)),
        digest(b -> b.option(SpaEngine.SMOOTHING_DELAY, 0.0)));
  }

  /**
   * At the start of a round all gaps are 0, so every label is doubted: g = (1 − α)/2 − α/2 where it
   * is ½ without smoothing.
   */
  @Test
  void aDoubtedLabelIsSmoothed() {
    for (double lambda : new double[] {0, 1}) {
      double plain = firstNorm(0, lambda);
      double smoothed = firstNorm(0.1, lambda);
      assertEquals(0.8 * plain, smoothed, 1e-12);
      assertEquals(0, firstNorm(0.5, lambda), 1e-12);
    }
  }

  private static double firstNorm(double smoothing, double lambda) {
    List<StepReport> steps = new ArrayList<>();
    try (TabularPolicy policy = WORLD.policy()) {
      WORLD
          .rounds(policy)
          .engine("spa")
          .rounds(1)
          .batchSize(100)
          .option(SpaEngine.SMOOTHING, smoothing)
          .option(SpaEngine.SMOOTHING_DELAY, 0.0)
          .option(SpaEngine.EXTRAPOLATION, List.of(lambda))
          .listener(
              new AlignmentListener() {
                @Override
                public void onStep(StepReport step) {
                  steps.add(step);
                }
              })
          .build()
          .align();
    }
    return steps.stream()
        .filter(step -> step.round() == 1)
        .findFirst()
        .orElseThrow()
        .result()
        .gradientNorm();
  }

  /**
   * All margins are 0 at a round's first step, which doubts them, and grow alike from there on: so
   * one step of 40 is smoothed, and none if smoothing waits.
   */
  @Test
  void whatTheRoundHasNotLearntYetIsDoubted() {
    UnaryOperator<Aligner.Builder> own = b -> b.option(SpaEngine.EXTRAPOLATION, List.of(0.0));
    Alignment result = run(b -> own.apply(b).option(SpaEngine.SMOOTHING_DELAY, 0.0));
    Alignment later = run(own);
    for (int round = 1; round <= 2; round++) {
      assertEquals(40, value(result.rounds().get(round), Metrics.STEPS));
      assertEquals(1.0 / 40, value(result.rounds().get(round), Metrics.SMOOTHED_SHARE), 1e-12);
      assertEquals(0, value(later.rounds().get(round), Metrics.SMOOTHED_SHARE));
      assertTrue(value(result.rounds().get(round), Metrics.DOUBT_THRESHOLD) > 0);
    }
  }

  private static Alignment run(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = WORLD.policy()) {
      return options.apply(WORLD.rounds(policy).engine("spa").epochsPerRound(40)).build().align();
    }
  }

  /** The extrapolated margins are larger where the policy agrees with its label. */
  @Test
  void theModelThatDoubtsIsFurtherOn() {
    double own = threshold(0);
    double further = threshold(1);
    assertTrue(further > 1.5 * own, further + " against " + own);
  }

  private static double threshold(double lambda) {
    return value(
        run(b -> b.rounds(1).option(SpaEngine.EXTRAPOLATION, List.of(lambda))).lastRound(),
        Metrics.DOUBT_THRESHOLD);
  }

  @Test
  void itLearnsAndJudgesByTheFirstReference() {
    try (TabularPolicy policy = WORLD.policy()) {
      double before = TinyWorld.quality(policy);
      Alignment result = WORLD.rounds(policy).engine("spa").epochsPerRound(10).build().align();
      assertTrue(TinyWorld.quality(policy) > before + 0.3);
      assertEquals("spa", result.engine());
      for (AnnotatedPair pair : result.annotations()) {
        assertTrue(pair.margin() > 0);
      }
      assertEquals(
          value(result.lastRound(), Metrics.ANNOTATED), value(result.lastRound(), Metrics.PAIRS));
    }
  }

  @Test
  void optionsOutsideTheirDomainAreRefused() {
    Aligner.Builder builder = Aligner.builder().engine("spa");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> builder.option(SpaEngine.SMOOTHING, 0.7),
        "smoothing",
        "0.7");
    Refusals.assertNames(
        IllegalArgumentException.class,
        () -> builder.option(SpaEngine.EXTRAPOLATION, List.of(0.5, -1.0)),
        "extrapolation",
        "-1.0");
    try (TabularPolicy policy = WORLD.policy()) {
      Aligner.Builder radius = WORLD.rounds(policy).engine("spa").epsilon(0.1);
      Refusals.assertNames(IllegalStateException.class, radius::build, "spa", "epsilon");
    }
  }
}
