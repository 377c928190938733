package io.sgpo.examples.quickstart;

import io.sgpo.Aligner;
import java.util.List;

/**
 * A method of the contest: which options of the {@link Aligner} it sets. Policy, seed and listener
 * are set by the contest.
 *
 * @param name a folder and a field name
 * @param description a line for the table
 * @param recipe its options
 */
record Contender(String name, String description, Recipe recipe) {

  static final String ITERATIVE_DPO = "iterative-dpo";
  static final String SSAPO_PUBLISHED = "ssapo-0.01";
  static final String SSAPO_RELATIVE = "ssapo-relative";
  static final String DPO_SHORT = "dpo";
  static final String DPO_LONG = "dpo-long";
  static final String CEILING = "ceiling";

  /** What a method sets. */
  @FunctionalInterface
  interface Recipe {
    Aligner.Builder apply(Aligner.Builder aligner, Trial trial);
  }

  /**
   * The contenders, in the order of the table; iterative DPO comes before those held against it.
   */
  static List<Contender> all() {
    return List.of(
        new Contender(
            DPO_SHORT,
            "DPO on the seeds, warm start only",
            (aligner, trial) -> dpo(aligner, trial, training(trial).warmStartSteps())),
        new Contender(
            DPO_LONG,
            "DPO on the seeds, as many steps as below",
            (aligner, trial) -> dpo(aligner, trial, training(trial).allSteps())),
        new Contender(
            ITERATIVE_DPO,
            "iterative DPO (epsilon 0)",
            (aligner, trial) -> rounds(aligner.engine("iterative-dpo"), trial)),
        new Contender(
            SSAPO_PUBLISHED,
            "SSAPO, epsilon 0.01 as published",
            (aligner, trial) ->
                rounds(aligner.engine("ssapo"), trial)
                    .epsilon(0.01)
                    .tangents(6)
                    .refreshesPerRound(1)),
        new Contender(
            SSAPO_RELATIVE,
            "SSAPO, relative radius 0.2, refreshed",
            (aligner, trial) ->
                rounds(aligner.engine("ssapo"), trial).relativeRadius(0.2).refreshesPerRound(4)),
        new Contender(
            CEILING,
            "iterative DPO with true labels",
            (aligner, trial) ->
                rounds(aligner.engine("iterative-dpo"), trial)
                    .seedPreferences(trial.labels().honest())
                    .preferenceModel(new TruePreference())));
  }

  private static Aligner.Builder dpo(Aligner.Builder aligner, Trial trial, int steps) {
    return family(aligner.engine("dpo"), trial).steps(steps);
  }

  private static Aligner.Builder rounds(Aligner.Builder aligner, Trial trial) {
    return family(aligner, trial)
        .prompts(trial.split().rounds())
        .maxNewTokens(trial.settings().maxNewTokens())
        .warmStartSteps(training(trial).warmStartSteps())
        .rounds(training(trial).rounds())
        .stepsPerRound(training(trial).stepsPerRound());
  }

  private static Aligner.Builder family(Aligner.Builder aligner, Trial trial) {
    return aligner
        .seedPreferences(trial.labels().pairs())
        .beta(training(trial).beta())
        .learningRate(training(trial).learningRate())
        .batchSize(training(trial).batchSize())
        .microBatchSize(training(trial).batchSize());
  }

  private static Settings.Training training(Trial trial) {
    return trial.settings().training();
  }
}
