package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapScale;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.preference.LossType;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.StepReport;
import io.sgpo.solvers.follower.ExactFollower;
import io.sgpo.solvers.follower.KlPenalty;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.solvers.loss.PreferenceLoss;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first step after a warm start is the gradient, by central differences in the logits, of what
 * the engine says it descends: for every loss, with hard and soft labels, without a follower, with
 * one, and with a penalty.
 */
class LossGradientsTest {

  private static final double BETA = 2;

  /** Makes the gaps differ, where the worst case has kinks. */
  private static final double DECAY = 0.5;

  private static final int WARM = 10;
  private static final double SHARE = 0.3;

  private final TinyWorld world = new TinyWorld(11);
  private final List<Double> norms = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();

  static Stream<Arguments> losses() {
    List<Arguments> all = new ArrayList<>();
    for (boolean soft : new boolean[] {false, true}) {
      all.add(arguments(LossType.SIGMOID, 0.0, soft));
      all.add(arguments(LossType.SIGMOID, 0.15, soft));
      all.add(arguments(LossType.HINGE, 0.0, soft));
      all.add(arguments(LossType.IPO, 0.0, soft));
      all.add(arguments(LossType.ROBUST, 0.15, soft));
    }
    return all.stream();
  }

  /** Every third label is only probable. */
  private List<PreferencePair> seeds(boolean soft) {
    List<PreferencePair> seeds = new ArrayList<>(world.seeds());
    for (int i = 0; soft && i < seeds.size(); i += 3) {
      seeds.set(i, seeds.get(i).withProbability(0.5 + 0.01 * i));
    }
    return seeds;
  }

  private UnaryOperator<Aligner.Builder> options(LossType type, double smoothing, boolean soft) {
    return builder ->
        builder
            .seedPreferences(seeds(soft))
            .loss(type)
            .labelSmoothing(smoothing)
            .beta(BETA)
            .batchSize(1000)
            .weightDecay(DECAY);
  }

  @ParameterizedTest(name = "{0} {1} soft {2}")
  @MethodSource("losses")
  void withoutAFollower(LossType type, double smoothing, boolean soft) {
    PreferenceLoss loss = new PairLoss(type, smoothing).of(BETA);
    check(options(type, smoothing, soft), seeds(soft), gaps -> mean(loss, gaps, seeds(soft)));
  }

  @ParameterizedTest
  @EnumSource
  void withAPenalty(KlPenalty.Sign sign) {
    KlPenalty penalty = new KlPenalty(sign, 0.4);
    PreferenceLoss loss = PairLoss.DPO.of(BETA);
    List<PreferencePair> seeds = seeds(true);
    check(
        builder ->
            options(LossType.SIGMOID, 0, true)
                .apply(builder)
                .option(PreferenceTask.KL_PENALTY, penalty),
        seeds,
        gaps -> {
          double[] values = new double[gaps.length];
          Arrays.setAll(values, i -> PairLoss.value(loss, gaps[i], seeds.get(i).probability()));
          return penalty.value(values);
        });
  }

  /** DPO's engine: the warm start and one step more. */
  private void check(
      UnaryOperator<Aligner.Builder> options,
      List<PreferencePair> pairs,
      ToDoubleFunction<double[]> objective) {
    try (TabularPolicy trained = world.policy();
        TabularPolicy warm = world.policy();
        FrozenPolicy reference = warm.reference()) {
      options
          .apply(world.aligner(trained))
          .engine("dpo")
          .steps(WARM + 1)
          .listener(steps())
          .build()
          .align();
      options.apply(world.aligner(warm)).engine("dpo").steps(WARM).build().align();
      double expected = norm(warm, reference, pairs, objective);
      assertEquals(expected, norms.get(WARM), 1e-5 * expected);
    }
  }

  @ParameterizedTest(name = "{0} {1} soft {2}")
  @MethodSource("losses")
  void withAFollower(LossType type, double smoothing, boolean soft) {
    assertTrue(isTheGradientOfTheRobustValue(new PairLoss(type, smoothing), soft, 0));
  }

  /** Of quantiles the first whose support begins and ends between gaps, where V is smooth. */
  @ParameterizedTest(name = "{0} {1} soft {2}")
  @MethodSource("losses")
  void withAFollowerOnASupportThatClips(LossType type, double smoothing, boolean soft) {
    PairLoss loss = new PairLoss(type, smoothing);
    assertTrue(
        Stream.of(0.15, 0.06, 0.11, 0.17, 0.21, 0.08)
            .anyMatch(quantile -> isTheGradientOfTheRobustValue(loss, soft, quantile)),
        "every support ended at a gap");
  }

  /** Checks it with support and radius held as they were at the solve; false where V has a kink. */
  private boolean isTheGradientOfTheRobustValue(PairLoss loss, boolean soft, double quantile) {
    UnaryOperator<Aligner.Builder> labelled = options(loss.type(), loss.labelSmoothing(), soft);
    norms.clear();
    try (TabularPolicy trained = world.policy();
        TabularPolicy warm = world.policy();
        FrozenPolicy reference = warm.reference()) {
      Aligner.Builder followed =
          labelled
              .apply(world.rounds(trained))
              .rounds(1)
              .warmStartSteps(WARM)
              .stepsPerRound(1)
              .relativeRadius(SHARE)
              .listener(steps());
      Alignment result =
          (quantile == 0 ? followed : followed.supportQuantile(quantile)).build().align();
      labelled.apply(world.aligner(warm)).engine("dpo").steps(WARM).build().align();
      List<PreferencePair> pairs = new ArrayList<>(seeds(soft));
      result.annotations().stream().map(AnnotatedPair::pair).forEach(pairs::add);
      assertTrue(pairs.size() > seeds(soft).size());
      double[] labels = pairs.stream().mapToDouble(PreferencePair::probability).toArray();
      LabelledGaps start = new LabelledGaps(gaps(warm, reference, pairs), labels);
      Support support = new SupportRule(1, quantile, false).of(start);
      if (touches(support, start)) {
        return false;
      }
      ToDoubleFunction<double[]> value =
          soft && loss.isLogistic()
              ? masses(start, labels, support)
              : line(loss.of(BETA), start, labels, support);
      double expected = norm(warm, reference, pairs, value);
      assertEquals(expected, norms.get(WARM), 1e-5 * expected);
      return true;
    }
  }

  /** Whether an end of the support is a gap; those of equal pairs are equal. */
  private static boolean touches(Support support, LabelledGaps labelled) {
    return Arrays.stream(labelled.atoms())
        .anyMatch(
            gap ->
                Math.abs(gap - support.lower()) < 1e-3 || Math.abs(gap - support.upper()) < 1e-3);
  }

  /** Masses on the scale of probabilities: the same chain rule for an atom and its mirror. */
  @Test
  void softLabelsOnProbabilities() {
    UnaryOperator<Aligner.Builder> options = options(LossType.SIGMOID, 0, true);
    try (TabularPolicy trained = world.policy();
        TabularPolicy warm = world.policy();
        FrozenPolicy reference = warm.reference()) {
      Alignment result =
          options
              .apply(world.rounds(trained))
              .gapScale(GapScale.PROBABILITY)
              .rounds(1)
              .warmStartSteps(WARM)
              .stepsPerRound(1)
              .relativeRadius(SHARE)
              .listener(steps())
              .build()
              .align();
      options.apply(world.aligner(warm)).engine("dpo").steps(WARM).build().align();
      List<PreferencePair> pairs = new ArrayList<>(seeds(true));
      result.annotations().stream().map(AnnotatedPair::pair).forEach(pairs::add);
      double[] labels = pairs.stream().mapToDouble(PreferencePair::probability).toArray();
      LabelledGaps at = new LabelledGaps(gaps(warm, reference, pairs), labels);
      Support support = new SupportRule(1, 0, false).of(at.atoms());
      Ambiguity set =
          ProbabilityScale.on(Ambiguity.wasserstein(0).support(support.lower(), support.upper()));
      double mean = at.mean(ProbabilityScale.probabilities(at.atoms()));
      Ambiguity ball =
          new Ambiguity(SHARE * (mean - set.lower()), set.lower(), set.upper(), set.loss());
      double expected =
          norm(
              warm,
              reference,
              pairs,
              gaps -> {
                LabelledGaps labelled = new LabelledGaps(gaps, labels);
                double[] positions = ProbabilityScale.probabilities(labelled.atoms());
                double[] masses = Objects.requireNonNull(labelled.masses());
                return new ExactFollower().solve(positions, masses, ball).value();
              });
      assertEquals(expected, norms.get(WARM), 1e-5 * expected);
    }
  }

  private static ToDoubleFunction<double[]> line(
      PreferenceLoss loss, LabelledGaps start, double[] labels, Support support) {
    double epsilon = SHARE * new LineProblem(loss, start, support).largestUseful();
    return gaps ->
        new LineProblem(loss, new LabelledGaps(gaps, labels), support).solve(epsilon).value();
  }

  /** p δ(ξ) + (1 − p) δ(−ξ), clipped to the support and moved by the exact follower. */
  private static ToDoubleFunction<double[]> masses(
      LabelledGaps start, double[] labels, Support support) {
    double mean = start.mean(clipped(start, support));
    double epsilon = SHARE * (mean - support.lower());
    return gaps -> {
      LabelledGaps labelled = new LabelledGaps(gaps, labels);
      return new ExactFollower()
          .solve(
              clipped(labelled, support),
              Objects.requireNonNull(labelled.masses()),
              Ambiguity.wasserstein(epsilon).support(support.lower(), support.upper()))
          .value();
    };
  }

  private static double[] clipped(LabelledGaps labelled, Support support) {
    return support.clips()
        ? Arrays.stream(labelled.atoms()).map(support::clip).toArray()
        : labelled.atoms();
  }

  private AlignmentListener steps() {
    return new AlignmentListener() {
      @Override
      public void onStep(StepReport step) {
        norms.add(step.result().gradientNorm());
        losses.add(step.result().loss());
      }
    };
  }

  private static double mean(PreferenceLoss loss, double[] gaps, List<PreferencePair> pairs) {
    double sum = 0;
    for (int i = 0; i < gaps.length; i++) {
      sum += PairLoss.value(loss, gaps[i], pairs.get(i).probability());
    }
    return sum / gaps.length;
  }

  /** ‖∂/∂θ‖ by central differences; log π serves as logits, of which it is a shift. */
  private static double norm(
      TabularPolicy policy,
      FrozenPolicy reference,
      List<PreferencePair> pairs,
      ToDoubleFunction<double[]> objective) {
    double h = 1e-5;
    double squares = 0;
    for (Prompt prompt : TinyWorld.PROMPTS) {
      for (int k = 0; k < TinyWorld.ANSWERS.size(); k++) {
        double up = objective.applyAsDouble(gaps(shifted(policy, prompt, k, h), reference, pairs));
        double down =
            objective.applyAsDouble(gaps(shifted(policy, prompt, k, -h), reference, pairs));
        squares += Math.pow((up - down) / (2 * h), 2);
      }
    }
    return Math.sqrt(squares);
  }

  private static double[] gaps(Policy policy, FrozenPolicy reference, List<PreferencePair> pairs) {
    double[] own = ratios(policy, pairs);
    double[] referred = ratios(reference, pairs);
    Arrays.setAll(own, i -> BETA * (own[i] - referred[i]));
    return own;
  }

  private static double[] ratios(Policy policy, List<PreferencePair> pairs) {
    List<LogProbs> chosen =
        policy.logProbs(pairs.stream().map(PreferencePair::chosenExchange).toList());
    List<LogProbs> rejected =
        policy.logProbs(pairs.stream().map(PreferencePair::rejectedExchange).toList());
    double[] ratios = new double[pairs.size()];
    Arrays.setAll(ratios, i -> chosen.get(i).sum() - rejected.get(i).sum());
    return ratios;
  }

  private static TabularPolicy shifted(TabularPolicy policy, Prompt at, int answer, double by) {
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    Map<Prompt, double[]> logits = new HashMap<>();
    for (Prompt prompt : TinyWorld.PROMPTS) {
      double[] values = Arrays.stream(policy.probabilities(prompt)).map(Math::log).toArray();
      if (prompt.equals(at)) {
        values[answer] += by;
      }
      candidates.put(prompt, TinyWorld.ANSWERS.stream().map(Response::of).toList());
      logits.put(prompt, values);
    }
    return TabularPolicy.of(candidates, logits);
  }
}
