package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.WorstCase;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.StepReport;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.spi.Follower;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole chain from follower to weights: the gradient of SSAPO's first step after the warm start
 * is that of the robust value V(θ) with the support held fixed (envelope theorem), on either scale.
 */
class RobustGradientTest {

  private static final double BETA = 2;

  /**
   * V has a kink where the gaps of two prompts meet. Without decay the gaps do not depend on the
   * first logits, so prompts whose seeds are alike would have equal ones.
   */
  private static final double DECAY = 0.5;

  private static final int WARM = 10;

  private final List<Ambiguity> solved = new ArrayList<>();
  private final List<Double> norms = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void theLeadersStepIsTheGradientOfTheRobustValue(GapScale scale) {
    TinyWorld world = new TinyWorld(11);
    try (TabularPolicy trained = world.policy();
        TabularPolicy warm = world.policy();
        FrozenPolicy reference = warm.reference()) {
      Alignment result =
          world
              .rounds(trained)
              .rounds(1)
              .beta(BETA)
              .batchSize(1000)
              .weightDecay(DECAY)
              .warmStartSteps(WARM)
              .stepsPerRound(1)
              .relativeRadius(0.3)
              .gapScale(scale)
              .follower(recording())
              .listener(norms())
              .build()
              .align();
      world
          .aligner(warm)
          .engine("dpo")
          .beta(BETA)
          .batchSize(1000)
          .weightDecay(DECAY)
          .steps(WARM)
          .build()
          .align();
      List<PreferencePair> pairs = new ArrayList<>(world.seeds());
      result.annotations().stream().map(AnnotatedPair::pair).forEach(pairs::add);
      assertTrue(pairs.size() > world.seeds().size());
      double expected = norm(scale, warm, reference, pairs);
      assertEquals(expected, norms.get(WARM), 1e-6 * expected);
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
        solved.add(ambiguity);
        return Followers.exact().solve(gaps, ambiguity);
      }
    };
  }

  private AlignmentListener norms() {
    return new AlignmentListener() {
      @Override
      public void onStep(StepReport step) {
        norms.add(step.result().gradientNorm());
      }
    };
  }

  /** ‖∂V/∂θ‖ by central differences; log π serves as logits, of which it is a shift. */
  private double norm(
      GapScale scale, TabularPolicy policy, FrozenPolicy reference, List<PreferencePair> pairs) {
    double[] referred = ratios(reference, pairs);
    double h = 1e-6;
    double squares = 0;
    for (Prompt prompt : TinyWorld.PROMPTS) {
      for (int k = 0; k < TinyWorld.ANSWERS.size(); k++) {
        double up = value(scale, shifted(policy, prompt, k, h), referred, pairs);
        double down = value(scale, shifted(policy, prompt, k, -h), referred, pairs);
        squares += Math.pow((up - down) / (2 * h), 2);
      }
    }
    return Math.sqrt(squares);
  }

  private double value(
      GapScale scale, TabularPolicy policy, double[] referred, List<PreferencePair> pairs) {
    double[] gaps = ratios(policy, pairs);
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = BETA * (gaps[i] - referred[i]);
    }
    double[] positions = scale == GapScale.MARGIN ? gaps : ProbabilityScale.probabilities(gaps);
    return Followers.exact().solve(positions, solved.get(0)).value();
  }

  private static double[] ratios(Policy policy, List<PreferencePair> pairs) {
    List<LogProbs> chosen =
        policy.logProbs(pairs.stream().map(PreferencePair::chosenExchange).toList());
    List<LogProbs> rejected =
        policy.logProbs(pairs.stream().map(PreferencePair::rejectedExchange).toList());
    double[] ratios = new double[pairs.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = chosen.get(i).sum() - rejected.get(i).sum();
    }
    return ratios;
  }

  private static TabularPolicy shifted(TabularPolicy policy, Prompt at, int answer, double by) {
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    Map<Prompt, double[]> logits = new HashMap<>();
    for (Prompt prompt : TinyWorld.PROMPTS) {
      double[] values = policy.probabilities(prompt);
      for (int k = 0; k < values.length; k++) {
        values[k] = Math.log(values[k]);
      }
      if (prompt.equals(at)) {
        values[answer] += by;
      }
      candidates.put(prompt, TinyWorld.ANSWERS.stream().map(Response::of).toList());
      logits.put(prompt, values);
    }
    return TabularPolicy.of(candidates, logits);
  }
}
