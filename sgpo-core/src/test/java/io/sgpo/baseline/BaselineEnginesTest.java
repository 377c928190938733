package io.sgpo.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Schedule;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import io.sgpo.ssapo.AnnotationMetrics;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.testing.ForwardingPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineEnginesTest {

  private static final TinyWorld WORLD = new TinyWorld(3);

  private static double value(RoundReport report, Metric metric) {
    return report.metrics().get(metric).orElseThrow();
  }

  /**
   * Two candidates, uniform, one pair: ξ = 0, σ(−ξ) = ½, so ∂L/∂θ = (−β/2, β/2) and L = log 2; the
   * second step has ξ = β (θ_w − θ_l).
   */
  @Test
  void dpoByHand() {
    Prompt prompt = Conversation.user("x");
    List<StepResult> steps = new ArrayList<>();
    try (TabularPolicy policy = TabularPolicy.uniform(List.of(prompt), List.of("w", "l"))) {
      Aligner.builder()
          .engine("dpo")
          .policy(policy)
          .seedPreferences(List.of(PreferencePair.of(prompt, "w", "l")))
          .beta(0.5)
          .learningRate(0.1)
          .steps(2)
          .listener(steps(steps))
          .build()
          .align();
    }
    assertEquals(Math.log(2), steps.get(0).loss(), 1e-15);
    assertEquals(0.25 * Math.sqrt(2), steps.get(0).gradientNorm(), 1e-15);
    double gap = 0.5 * 0.2;
    assertEquals(Math.log1p(Math.exp(-gap)), steps.get(1).loss(), 1e-7);
    assertEquals(0.5 / (1 + Math.exp(gap)) * Math.sqrt(2), steps.get(1).gradientNorm(), 1e-7);
  }

  /** A step of warm-up has rate 0, so the second step still sees ξ = 0. */
  @Test
  void theRateFollowsItsSchedule() {
    Prompt prompt = Conversation.user("x");
    List<StepResult> steps = new ArrayList<>();
    try (TabularPolicy policy = TabularPolicy.uniform(List.of(prompt), List.of("w", "l"))) {
      Aligner.builder()
          .engine("dpo")
          .policy(policy)
          .seedPreferences(List.of(PreferencePair.of(prompt, "w", "l")))
          .beta(0.5)
          .learningRate(0.1)
          .schedule(new Schedule(Schedule.Shape.LINEAR, 1))
          .steps(4)
          .listener(steps(steps))
          .build()
          .align();
    }
    double[] gaps = {0, 0, 0.5 * 0.2, 0.5 * (0.2 + 0.2 * 2 / 3)};
    for (int i = 0; i < gaps.length; i++) {
      assertEquals(Math.log1p(Math.exp(-gaps[i])), steps.get(i).loss(), 1e-3, "step " + i);
    }
    assertEquals(Math.log(2), steps.get(1).loss(), 1e-15);
  }

  private static AlignmentListener steps(List<StepResult> into) {
    return new AlignmentListener() {
      @Override
      public void onStep(StepReport step) {
        into.add(step.result());
      }
    };
  }

  /** Seeds in every epoch and round, and the pairs that a round annotates. */
  @Test
  void theReferenceScoresEveryPairOnce() {
    for (String engine : List.of("dpo", "iterative-dpo", "ssapo")) {
      List<Exchange> scored = new ArrayList<>();
      Alignment result;
      try (TabularPolicy policy = WORLD.policy()) {
        Aligner.Builder aligner =
            engine.equals("dpo")
                ? WORLD.aligner(policy).epochs(3)
                : WORLD.rounds(policy).samplesPerPrompt(2).warmStartEpochs(2);
        result = aligner.engine(engine).policy(new Watched(policy, scored)).build().align();
      }
      int annotated = result.annotations().size();
      assertEquals(2 * (WORLD.seeds().size() + annotated), scored.size(), engine);
      assertEquals(engine.equals("dpo"), annotated == 0);
    }
  }

  /** A policy that writes down what its references score. */
  private static final class Watched extends ForwardingPolicy {
    private final List<Exchange> scored;

    Watched(TrainablePolicy policy, List<Exchange> scored) {
      super(policy);
      this.scored = scored;
    }

    @Override
    public FrozenPolicy reference() {
      return new WatchedReference(super.reference(), scored);
    }
  }

  private record WatchedReference(FrozenPolicy reference, List<Exchange> scored)
      implements FrozenPolicy {

    @Override
    public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
      return reference.sample(prompts, sampling);
    }

    @Override
    public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
      scored.addAll(exchanges);
      return reference.logProbs(exchanges, temperature);
    }

    @Override
    public String digest() {
      return reference.digest();
    }

    @Override
    public void close() {
      reference.close();
    }
  }

  @Test
  void dpoIsTheWarmStartOfTheOthers() {
    try (TabularPolicy alone = WORLD.policy();
        TabularPolicy first = WORLD.policy()) {
      Alignment dpo = WORLD.aligner(alone).engine("dpo").epochs(2).build().align();
      List<String> digests = new ArrayList<>();
      WORLD
          .rounds(first)
          .warmStartEpochs(2)
          .onRound(round -> digests.add(TinyWorld.digest(first)))
          .build()
          .align();
      assertEquals(TinyWorld.digest(alone), digests.get(0));
      assertEquals(0, dpo.lastRound().round());
      assertEquals(36, value(dpo.lastRound(), Metrics.PAIRS));
      assertEquals(2 * 5, value(dpo.lastRound(), Metrics.STEPS));
    }
  }

  @Test
  void aJudgeInPlaceOfSelfAnnotationLabelsRightly() {
    try (TabularPolicy policy = WORLD.policy()) {
      Alignment result =
          WORLD
              .rounds(policy)
              .engine("iterative-dpo")
              .preferenceModel(TinyWorld.judge())
              .build()
              .align();
      assertTrue(result.annotations().size() >= 10);
      for (AnnotatedPair annotated : result.annotations()) {
        int chosen = TinyWorld.ANSWERS.indexOf(annotated.pair().chosen().text());
        int rejected = TinyWorld.ANSWERS.indexOf(annotated.pair().rejected().text());
        assertTrue(chosen > rejected);
        // The best wins all its comparisons and the worst none.
        assertEquals(0.5, annotated.margin(), 1e-15);
      }
    }
  }

  @Test
  void pairsThatTheJudgeTiesOrDoesNotDecideAreDroppedAndCounted() {
    RoundReport tied = withJudge(PreferenceModel.of(comparison -> 0.5));
    assertEquals(0, tied.annotations().size());
    assertTrue(value(tied, Metrics.TIES) > 0);
    assertEquals(
        12,
        value(tied, AnnotationMetrics.DROPPED_EQUAL_SCORE)
            + value(tied, AnnotationMetrics.DROPPED_EQUAL_TEXT));
    RoundReport undecided =
        withJudge(
            comparisons -> Collections.nCopies(comparisons.size(), new Verdict.Abstention("?")));
    assertEquals(
        value(undecided, Metrics.DROPPED),
        value(undecided, AnnotationMetrics.DROPPED_UNJUDGED)
            + value(undecided, AnnotationMetrics.DROPPED_EQUAL_TEXT));
    assertTrue(value(undecided, AnnotationMetrics.DROPPED_UNJUDGED) > 0);
    assertTrue(value(undecided, Metrics.ABSTENTIONS) > 0);
    assertEquals(0, value(undecided, Metrics.TIES));
    RoundReport failed =
        withJudge(
            comparisons -> {
              List<Verdict> verdicts =
                  new ArrayList<>(
                      Collections.nCopies(comparisons.size(), new Verdict.Failure("?")));
              verdicts.set(0, Verdict.of(1));
              return verdicts;
            });
    assertTrue(value(failed, Metrics.FAILURES) > 0);
    assertTrue(value(failed, AnnotationMetrics.DROPPED_UNJUDGED) > 0);
  }

  private static RoundReport withJudge(PreferenceModel judge) {
    try (TabularPolicy policy = WORLD.policy()) {
      return WORLD
          .rounds(policy)
          .rounds(1)
          .engine("iterative-dpo")
          .preferenceModel(judge)
          .build()
          .align()
          .lastRound();
    }
  }

  @Test
  void emptyAnswersMakeNoPair() {
    Prompt prompt = Conversation.user("x");
    try (TabularPolicy policy =
        TabularPolicy.uniform(List.of(prompt), List.of("", " ", "a", "b"))) {
      Alignment result =
          Aligner.builder()
              .engine("iterative-dpo")
              .policy(policy)
              .seedPreferences(List.of(PreferencePair.of(prompt, "a", "b")))
              .prompts(Collections.nCopies(100, prompt))
              .rounds(1)
              .learningRate(0.05)
              .build()
              .align();
      RoundReport round = result.lastRound();
      assertTrue(value(round, AnnotationMetrics.DROPPED_EMPTY) > 50);
      assertTrue(value(round, Metrics.ANNOTATED) > 0);
      assertEquals(100, value(round, Metrics.ANNOTATED) + value(round, Metrics.DROPPED));
      for (AnnotatedPair annotated : round.annotations()) {
        assertEquals("a", annotated.pair().chosen().text());
        assertEquals("b", annotated.pair().rejected().text());
      }
    }
  }
}
