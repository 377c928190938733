package io.sgpo.examples.comparison;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.follower.GapScale;
import io.sgpo.preference.LossType;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import java.util.List;

/**
 * A method of the comparison.
 *
 * @param name its row in the table
 * @param recipe the options that it sets; policy and seed are set already
 */
record Method(String name, Recipe recipe) {

  /** What there is to learn from. */
  record Material(
      List<PreferencePair> seeds, List<Prompt> prompts, PreferenceModel judge, Budget budget) {
    Material {
      seeds = List.copyOf(seeds);
      prompts = List.copyOf(prompts);
    }
  }

  /** Sets options. */
  @FunctionalInterface
  interface Recipe {
    Aligner.Builder apply(Aligner.Builder aligner, Material material);
  }

  /** SLHF, which makes two rows: its leader and its follower. */
  static final Method SLHF = new Method("SLHF", Method::slhf);

  /** All others, in the order of the table. */
  static List<Method> all() {
    return List.of(
        new Method("DPO, short", (a, m) -> dpo(a, m, m.budget().warmStart())),
        new Method("DPO, as many steps", (a, m) -> dpo(a, m, m.budget().steps())),
        new Method("iterative DPO, self-annotated", (a, m) -> rounds(a, m, "iterative-dpo")),
        new Method(
            "iterative DPO, judged",
            (a, m) -> rounds(a, m, "iterative-dpo").preferenceModel(m.judge())),
        new Method("SPA", (a, m) -> rounds(a, m, "spa")),
        new Method(
            "robust DPO, self-annotated",
            (a, m) -> rounds(a, m, "iterative-dpo").loss(LossType.ROBUST).labelSmoothing(0.1)),
        new Method("SSAPO, epsilon 0.01", (a, m) -> rounds(a, m, "ssapo").epsilon(0.01)),
        new Method(
            "SSAPO, relative radius 0.2", (a, m) -> rounds(a, m, "ssapo").relativeRadius(0.2)),
        new Method(
            "SSAPO, probabilities 0.1",
            (a, m) -> rounds(a, m, "ssapo").gapScale(GapScale.PROBABILITY).epsilon(0.1)),
        new Method("RLOO", (a, m) -> game(a, m, "rloo").samplesPerPrompt(2)),
        new Method("Nash-MD", (a, m) -> game(a, m, "nash-md")));
  }

  private static Aligner.Builder slhf(Aligner.Builder aligner, Material material) {
    return game(aligner, material, "slhf").followerKl(material.budget().kl());
  }

  private static Aligner.Builder dpo(Aligner.Builder aligner, Material material, int steps) {
    return family(aligner.engine("dpo"), material).steps(steps);
  }

  private static Aligner.Builder rounds(Aligner.Builder aligner, Material material, String name) {
    Budget budget = material.budget();
    return family(aligner.engine(name), material)
        .prompts(material.prompts())
        .maxNewTokens(budget.newTokens())
        .warmStartSteps(budget.warmStart())
        .rounds(budget.rounds())
        .stepsPerRound(budget.stepsPerRound());
  }

  private static Aligner.Builder family(Aligner.Builder aligner, Material material) {
    return shared(aligner, material)
        .seedPreferences(material.seeds())
        .beta(material.budget().beta());
  }

  private static Aligner.Builder game(Aligner.Builder aligner, Material material, String name) {
    return shared(aligner.engine(name), material)
        .prompts(material.prompts())
        .preferenceModel(material.judge())
        .leaderKl(material.budget().kl())
        .temperature(1)
        .maxNewTokens(material.budget().newTokens())
        .steps(material.budget().steps());
  }

  private static Aligner.Builder shared(Aligner.Builder aligner, Material material) {
    Budget budget = material.budget();
    return aligner
        .learningRate(budget.rate())
        .batchSize(budget.batch())
        .microBatchSize(budget.batch());
  }
}
