package io.sgpo.spi;

import io.sgpo.dialogue.Prompt;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.policy.Schedule;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.LossType;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Option;
import java.util.List;

/**
 * The options that have a method of their own on {@code Aligner.Builder}; meanings, domains and
 * defaults are told there and by the engines' option records. An engine lists those it reads in
 * {@link AlignmentEngine#options()}.
 */
public final class StandardOptions {

  public static final Option<TrainablePolicy> POLICY = Option.of("policy", TrainablePolicy.class);
  public static final Option<List<PreferencePair>> SEED_PREFERENCES =
      Option.of("seedPreferences", List.class, "must not be empty", list -> !list.isEmpty());
  public static final Option<Integer> SEED_SIZE = positiveInteger("seedSize");
  public static final Option<SeedSelection> SEED_SELECTION =
      Option.of("seedSelection", SeedSelection.class);
  public static final Option<List<Prompt>> PROMPTS =
      Option.of("prompts", List.class, "must not be empty", list -> !list.isEmpty());
  public static final Option<PreferenceModel> PREFERENCE_MODEL =
      Option.of("preferenceModel", PreferenceModel.class);
  public static final Option<Follower> FOLLOWER = Option.of("follower", Follower.class);
  public static final Option<Long> SEED = Option.of("seed", Long.class);

  public static final Option<Double> EPSILON =
      Option.of("epsilon", Double.class, "must be >= 0", value -> value >= 0);
  public static final Option<Double> RELATIVE_RADIUS =
      Option.of(
          "relativeRadius", Double.class, "must be in [0, 1)", value -> value >= 0 && value < 1);
  public static final Option<GapScale> GAP_SCALE = Option.of("gapScale", GapScale.class);
  public static final Option<Integer> TANGENTS = positiveInteger("tangents");
  public static final Option<TangentKnots> TANGENT_KNOTS =
      Option.of("tangentKnots", TangentKnots.class);
  public static final Option<LeaderWeighting> WEIGHTING =
      Option.of("weighting", LeaderWeighting.class);
  public static final Option<Double> SUPPORT_MARGIN = positive("supportMargin");
  public static final Option<Boolean> ALLOW_SATURATION =
      Option.of("allowSaturation", Boolean.class);
  public static final Option<Integer> REFRESHES_PER_ROUND = positiveInteger("refreshesPerRound");
  public static final Option<Double> PROXIMAL = nonNegative("proximal");
  public static final Option<Integer> REFRESH_STEPS = positiveInteger("refreshSteps");
  public static final Option<Double> SUPPORT_QUANTILE =
      Option.of(
          "supportQuantile",
          Double.class,
          "must be in (0, 1/2)",
          value -> value > 0 && value < 0.5);
  public static final Option<Double> BETA = positive("beta");
  public static final Option<LossType> LOSS = Option.of("loss", LossType.class);
  public static final Option<Double> LABEL_SMOOTHING =
      Option.of(
          "labelSmoothing",
          Double.class,
          "must be in [0, 1/2)",
          value -> value >= 0 && value < 0.5);

  public static final Option<Integer> ROUNDS = positiveInteger("rounds");
  public static final Option<List<Integer>> ROUND_PROMPTS =
      Option.of(
          "roundPrompts",
          List.class,
          "must be numbers >= 1, at least one",
          list -> !list.isEmpty() && list.stream().allMatch(count -> count >= 1));
  public static final Option<Integer> SAMPLES_PER_PROMPT =
      Option.of("samplesPerPrompt", Integer.class, "must be >= 1", value -> value >= 1);
  public static final Option<Double> TEMPERATURE = positive("temperature");
  public static final Option<Integer> MAX_NEW_TOKENS = positiveInteger("maxNewTokens");

  public static final Option<Double> LEARNING_RATE = positive("learningRate");
  public static final Option<Schedule> SCHEDULE = Option.of("schedule", Schedule.class);
  public static final Option<Double> WEIGHT_DECAY = nonNegative("weightDecay");
  public static final Option<Double> MAX_GRADIENT_NORM = positive("maxGradientNorm");
  public static final Option<Integer> BATCH_SIZE = positiveInteger("batchSize");
  public static final Option<Integer> MICRO_BATCH_SIZE = positiveInteger("microBatchSize");
  public static final Option<Integer> STEPS = positiveInteger("steps");
  public static final Option<Integer> EPOCHS = positiveInteger("epochs");
  public static final Option<Integer> WARM_START_STEPS = nonNegativeInteger("warmStartSteps");
  public static final Option<Integer> WARM_START_EPOCHS = nonNegativeInteger("warmStartEpochs");
  public static final Option<Integer> STEPS_PER_ROUND = positiveInteger("stepsPerRound");
  public static final Option<Integer> EPOCHS_PER_ROUND = positiveInteger("epochsPerRound");

  public static final Option<Double> LEADER_KL = nonNegative("leaderKl");
  public static final Option<Double> FOLLOWER_KL = nonNegative("followerKl");
  public static final Option<Double> TIMESCALE_RATIO = positive("timescaleRatio");
  public static final Option<String> IMPROVE_INSTRUCTION =
      Option.of("improveInstruction", String.class, "must not be blank", text -> !text.isBlank());
  public static final Option<Baseline> BASELINE = Option.of("baseline", Baseline.class);
  public static final Option<Double> MISSING_EOS_PENALTY = nonNegative("missingEosPenalty");
  public static final Option<KlEstimator> KL_ESTIMATOR =
      Option.of("klEstimator", KlEstimator.class);
  public static final Option<KlCredit> KL_CREDIT = Option.of("klCredit", KlCredit.class);

  private StandardOptions() {}

  /** How {@code seedSize} pairs are chosen of all. */
  public enum SeedSelection {
    /** Uniformly, without replacement. */
    RANDOM,
    /**
     * Each pair's prompt is the one farthest from those chosen before it, by cosine distance of the
     * policy's embeddings; the first is random. Needs a policy that is a {@link
     * io.sgpo.policy.PromptEmbedder}.
     */
    FARTHEST_POINT
  }

  /** What is subtracted from a payoff; neither changes the expected gradient. */
  public enum Baseline {
    /** ½, the preference of an answer over itself, as published for SLHF. */
    HALF,
    /** The mean payoff of the other answers to the same prompt. */
    LEAVE_ONE_OUT
  }

  /**
   * What estimates a token's KL term in a policy gradient, from its log-ratio lr = log π − log
   * π_ref held fixed. As an estimate of the KL itself each has its use; in this place only K1
   * expects the KL's gradient.
   */
  public enum KlEstimator {
    /** lr, as published. Expects ∇KL(π ‖ π_ref). */
    K1,
    /** lr² / 2. Expects ∇(E_π[lr²] / 2) − ∇KL(π ‖ π_ref), which is no KL's gradient. */
    K2,
    /** e^(−lr) − 1 + lr. Expects ∇KL(π ‖ π_ref) − ∇KL(π_ref ‖ π). */
    K3
  }

  /** Which tokens' KL estimates a token's coefficient is charged with. */
  public enum KlCredit {
    /**
     * Its own only, as published: the gradient of Σ_t KL(π(·|s_t) ‖ π_ref(·|s_t)) with the states
     * s_t held as they were drawn.
     */
    TOKEN,
    /** Its own and all later ones: with K1 the exact gradient of the sequence's KL. */
    TO_GO
  }

  private static Option<Double> positive(String name) {
    return Option.of(
        name, Double.class, "must be finite and > 0", v -> v > 0 && v < Double.POSITIVE_INFINITY);
  }

  private static Option<Double> nonNegative(String name) {
    return Option.of(
        name, Double.class, "must be finite and >= 0", v -> v >= 0 && v < Double.POSITIVE_INFINITY);
  }

  private static Option<Integer> positiveInteger(String name) {
    return Option.of(name, Integer.class, "must be >= 1", value -> value >= 1);
  }

  private static Option<Integer> nonNegativeInteger(String name) {
    return Option.of(name, Integer.class, "must be >= 0", value -> value >= 0);
  }
}
