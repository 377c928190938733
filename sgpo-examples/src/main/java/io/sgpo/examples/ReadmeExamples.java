package io.sgpo.examples;

import io.sgpo.Aligner;
import io.sgpo.Refinement;
import io.sgpo.Refiner;
import io.sgpo.data.Preferences;
import io.sgpo.data.Prompts;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.lm.CausalLm;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code of the README, compiled; a test holds that the README says the same and that it runs.
 */
public final class ReadmeExamples {

  private static final Logger log = LoggerFactory.getLogger(ReadmeExamples.class);

  private ReadmeExamples() {}

  /** SSAPO on a model folder. */
  static void align(Path model, Path seed, Path newPrompts, Path output) throws IOException {
    // begin: align
    try (CausalLm policy = CausalLm.load(model)) {
      Alignment result =
          Aligner.builder()
              .policy(policy)
              .seedPreferences(Preferences.read(seed)) // JSONL: prompt, chosen, rejected
              .prompts(Prompts.read(newPrompts)) // JSONL: prompt
              .epsilon(0.01)
              .tangents(6)
              .rounds(3)
              .onRound(round -> log.info("{}", round))
              .build()
              .align();
      log.info("{} pairs annotated", result.annotations().size());
      policy.save(output); // a Hugging Face folder again
    }
    // end
  }

  /** SLHF with a judge of one's own. */
  static Refinement play(TrainablePolicy policy, List<Prompt> prompts, String anyModelsAnswer) {
    // begin: play
    PreferenceModel judge =
        PreferenceModel.of(c -> c.first().text().length() < c.second().text().length() ? 0.9 : 0.1);
    Aligner.builder()
        .engine("slhf")
        .policy(policy)
        .prompts(prompts)
        .preferenceModel(judge)
        .leaderKl(0.001)
        .followerKl(0.001)
        .timescaleRatio(5)
        .steps(200)
        .build()
        .align();
    Refinement better = Refiner.of(policy).refine(prompts.get(0), anyModelsAnswer, 3);
    // end
    return better;
  }

  /** The solver alone. */
  static double[] solve(double[] gaps) {
    // begin: solve
    WorstCase worst = Followers.exact().solve(gaps, Ambiguity.wasserstein(0.01).support(-2, 2));
    double[] weights = worst.weights(LeaderWeighting.ENVELOPE); // relative to DPO
    // end
    return weights;
  }

  /** A unit test's policy. */
  static double test() {
    // begin: test
    List<Prompt> prompts = List.of(Conversation.user("rain?"), Conversation.user("sun?"));
    try (TabularPolicy tiny = TabularPolicy.uniform(prompts, List.of("yes", "no", "perhaps"))) {
      Aligner.builder()
          .engine("dpo")
          .policy(tiny)
          .seedPreferences(List.of(PreferencePair.of(prompts.get(0), "yes", "no")))
          .learningRate(0.1)
          .steps(50)
          .build()
          .align();
      double yes = tiny.probabilities(prompts.get(0))[0]; // was 1/3
      // end
      return yes;
    }
  }
}
