package io.sgpo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.policy.Schedule;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.LossType;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Budget;
import io.sgpo.run.Cadence;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Measure;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.run.RoundReport;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.Follower;
import io.sgpo.spi.RunControl;
import io.sgpo.spi.RunStore;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.spi.StandardOptions.KlEstimator;
import io.sgpo.spi.StandardOptions.SeedSelection;
import io.sgpo.spi.SteppedRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Aligns a policy with preferences.
 *
 * <pre>{@code
 * Alignment result = Aligner.builder()
 *     .policy(policy)
 *     .seedPreferences(pairs)
 *     .prompts(prompts)
 *     .epsilon(0.01).tangents(6).rounds(3)
 *     .build()
 *     .align();
 * }</pre>
 *
 * <p>The default engine is {@code ssapo} (arXiv 2502.18099); {@code slhf} is StackelbergGDA (arXiv
 * 2512.16626). Engines are found by {@link java.util.ServiceLoader}, or given as an instance. All
 * options are validated by {@link Builder#build()}.
 */
public final class Aligner {

  private final AlignmentEngine.Run run;
  private final RunControl control;

  private Aligner(AlignmentEngine.Run run, RunControl control) {
    this.run = run;
    this.control = control;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Trains the policy to the end, or until a budget, a cancellation or an early stop ends the run,
   * on the calling thread. Every call is a run of its own, from the weights the policy has then;
   * with a {@link Builder#runDirectory} it goes on with the run that is stored there, if {@link
   * Builder#resume} says so, and the policy must be the one that run started from.
   *
   * @return what happened and how it ended; the trained weights are in the policy
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the weights
   *     are those of the last complete step, and in the run directory
   * @throws io.sgpo.run.JudgeFailedException if the preference model answers nothing of what it is
   *     asked, several times in a row; the weights are those of the last complete step, and in the
   *     run directory
   * @throws io.sgpo.run.RunRefusedException if the run directory does not take this run
   * @throws java.io.UncheckedIOException if the run directory cannot be read or written; the last
   *     checkpoint stands
   * @throws IllegalStateException if the follower's radius saturates (see {@link
   *     Builder#allowSaturation})
   * @throws ArithmeticException if loss or gradient is not finite; that step was not applied
   */
  public Alignment align() {
    return run instanceof SteppedRun stepped ? control.run(stepped) : run.run();
  }

  /** Collects options. Not thread-safe. A setter refuses a value outside its domain at once. */
  public static final class Builder {

    private final EngineChoice choice = new EngineChoice();
    private final RunSettings settings = new RunSettings();
    private Options options = Options.none();

    private Builder() {}

    /**
     * The engine of this name, such as {@code ssapo} (the default), {@code slhf} or {@code dpo}.
     */
    public Builder engine(String name) {
      choice.engine(name);
      return this;
    }

    /** This engine. */
    public Builder engine(AlignmentEngine instance) {
      choice.engine(instance);
      return this;
    }

    /**
     * Where engines and followers are looked up by name; by default where this class comes from.
     */
    public Builder classLoader(ClassLoader loader) {
      choice.classLoader(loader);
      return this;
    }

    /** An option that has no method here, such as one of an engine of one's own. */
    public <T> Builder option(Option<T> option, T value) {
      options = options.with(option, value);
      return this;
    }

    /** The policy to train, the leader π_θ; its present weights become the reference π_ref. */
    public Builder policy(TrainablePolicy value) {
      return option(StandardOptions.POLICY, value);
    }

    /** The human-labelled pairs, at least one. */
    public Builder seedPreferences(List<PreferencePair> pairs) {
      return option(StandardOptions.SEED_PREFERENCES, List.copyOf(pairs));
    }

    /**
     * How many of the seed pairs are used, in [1, their number]; all unless set. See {@link
     * #seedSelection}.
     */
    public Builder seedSize(int value) {
      return option(StandardOptions.SEED_SIZE, value);
    }

    /**
     * Which of the seed pairs are used; {@link SeedSelection#RANDOM} unless set. Needs {@link
     * #seedSize}.
     */
    public Builder seedSelection(SeedSelection value) {
      return option(StandardOptions.SEED_SELECTION, value);
    }

    /** The unlabelled prompts x, at least one; the rounds share them out in order. */
    public Builder prompts(List<? extends Prompt> prompts) {
      return option(StandardOptions.PROMPTS, List.copyOf(prompts));
    }

    /** The judge p(y ≻ y' | x): of SLHF, or in place of self-annotation in iterative DPO. */
    public Builder preferenceModel(PreferenceModel judge) {
      return option(StandardOptions.PREFERENCE_MODEL, judge);
    }

    /** The follower of this name, such as {@code exact} (the default). */
    public Builder follower(String name) {
      choice.follower(name);
      return this;
    }

    /** This follower. */
    public Builder follower(Follower instance) {
      choice.followerInstance();
      return option(StandardOptions.FOLLOWER, instance);
    }

    /** The seed of all random streams; 0 unless set. */
    public Builder seed(long value) {
      return option(StandardOptions.SEED, value);
    }

    /**
     * Radius ε {@code >= 0} of the Wasserstein ball, in units of {@link #gapScale}. 0 is iterative
     * DPO. The paper has 0.01. Excludes {@link #relativeRadius}.
     */
    public Builder epsilon(double value) {
      return option(StandardOptions.EPSILON, value);
    }

    /**
     * Radius as a share ρ in [0, 1) of the largest useful one: ε = ρ (mean ξ − a), renewed at every
     * solve. The default is ρ = 0.2. Excludes {@link #epsilon}.
     */
    public Builder relativeRadius(double value) {
      return option(StandardOptions.RELATIVE_RADIUS, value);
    }

    /**
     * The scale on which the follower moves gaps, and the unit of the radius; {@link
     * GapScale#MARGIN} unless set.
     */
    public Builder gapScale(GapScale value) {
      return option(StandardOptions.GAP_SCALE, value);
    }

    /**
     * Solve the follower for the surrogate of K {@code >= 1} tangents, as in the paper (K = 6), in
     * place of the exact logistic loss.
     */
    public Builder tangents(int value) {
      return option(StandardOptions.TANGENTS, value);
    }

    /**
     * Where the tangents touch the loss; needs {@link #tangents}. Unless set, {@link
     * TangentKnots#UNIFORM} on margins and {@link TangentKnots#PROBABILITY} on probabilities.
     */
    public Builder tangentKnots(TangentKnots value) {
      return option(StandardOptions.TANGENT_KNOTS, value);
    }

    /**
     * How the worst case weights the leader's gradient; {@link LeaderWeighting#ENVELOPE} unless
     * set.
     */
    public Builder weighting(LeaderWeighting value) {
      return option(StandardOptions.WEIGHTING, value);
    }

    /**
     * τ {@code > 0}, in units of margin on either scale: the support is [min ξ − τ, max ξ + τ], on
     * probabilities [σ(min ξ − τ), σ(max ξ + τ)]; 1 unless set.
     */
    public Builder supportMargin(double value) {
      return option(StandardOptions.SUPPORT_MARGIN, value);
    }

    /**
     * q in (0, ½): the support reaches from the q- to the (1 − q)-quantile of the gaps, and gaps
     * beyond it are clipped and counted. Excludes {@link #supportMargin}.
     */
    public Builder supportQuantile(double value) {
      return option(StandardOptions.SUPPORT_QUANTILE, value);
    }

    /**
     * Whether a radius that leaves no gradient (ε {@code >=} mean ξ − a, on the scale of the
     * radius) is only warned of; by default the run stops with the numbers.
     */
    public Builder allowSaturation(boolean value) {
      return option(StandardOptions.ALLOW_SATURATION, value);
    }

    /**
     * How often the follower is solved in a round, {@code >= 1}; 4 unless set, 1 is as published.
     */
    public Builder refreshesPerRound(int value) {
      return option(StandardOptions.REFRESHES_PER_ROUND, value);
    }

    /**
     * Steps from one solve of the follower to the next, {@code >= 1}; 1 is every batch. Excludes
     * {@link #refreshesPerRound}.
     */
    public Builder refreshSteps(int value) {
      return option(StandardOptions.REFRESH_STEPS, value);
    }

    /** Weight ρ {@code >= 0} of the proximal term (ρ/2)(ξ_i − z_i*)²; 0 unless set. */
    public Builder proximal(double value) {
      return option(StandardOptions.PROXIMAL, value);
    }

    /** β {@code > 0} of the implicit reward r = β (log π − log π_ref); 0.1 unless set. */
    public Builder beta(double value) {
      return option(StandardOptions.BETA, value);
    }

    /** The loss of a pair; {@link LossType#SIGMOID}, that of DPO, unless set. */
    public Builder loss(LossType value) {
      return option(StandardOptions.LOSS, value);
    }

    /** e in [0, ½), the share of labels taken to be flipped; 0 unless set. See {@link LossType}. */
    public Builder labelSmoothing(double value) {
      return option(StandardOptions.LABEL_SMOOTHING, value);
    }

    /** Rounds of self-annotation, {@code >= 1}; 3 unless set. */
    public Builder rounds(int value) {
      return option(StandardOptions.ROUNDS, value);
    }

    /**
     * How many of the prompts each round takes, in order, at least 1 each; the rounds share all of
     * them evenly unless set. Its length is the number of rounds.
     */
    public Builder roundPrompts(List<Integer> counts) {
      return option(StandardOptions.ROUND_PROMPTS, List.copyOf(counts));
    }

    /** Responses drawn for each prompt; 2 unless set, for SLHF and Nash-MD 1. */
    public Builder samplesPerPrompt(int value) {
      return option(StandardOptions.SAMPLES_PER_PROMPT, value);
    }

    /**
     * Sampling temperature {@code > 0}; 0.7 for SSAPO and 0.9 for SLHF unless set, as published;
     * 0.9 for RLOO and Nash-MD.
     */
    public Builder temperature(double value) {
      return option(StandardOptions.TEMPERATURE, value);
    }

    /**
     * Limit on the tokens of a response, {@code >= 1}; 300 for SSAPO and 512 for SLHF unless set,
     * as published; 512 for RLOO and Nash-MD.
     */
    public Builder maxNewTokens(int value) {
      return option(StandardOptions.MAX_NEW_TOKENS, value);
    }

    /** Learning rate of AdamW, {@code > 0}; 1e-6 unless set. */
    public Builder learningRate(double value) {
      return option(StandardOptions.LEARNING_RATE, value);
    }

    /**
     * How the learning rate changes over the steps of a round, or of the run for SLHF; constant
     * unless set.
     */
    public Builder schedule(Schedule value) {
      return option(StandardOptions.SCHEDULE, value);
    }

    /** Decoupled weight decay {@code >= 0}; 0 unless set. */
    public Builder weightDecay(double value) {
      return option(StandardOptions.WEIGHT_DECAY, value);
    }

    /** The gradient is clipped to this global norm, {@code > 0}; not clipped unless set. */
    public Builder maxGradientNorm(double value) {
      return option(StandardOptions.MAX_GRADIENT_NORM, value);
    }

    /** Pairs (or prompts, for SLHF) per step, {@code >= 1}; 32 unless set. */
    public Builder batchSize(int value) {
      return option(StandardOptions.BATCH_SIZE, value);
    }

    /** Pairs (or prompts) that go through the model at once, {@code >= 1}; 8 unless set. */
    public Builder microBatchSize(int value) {
      return option(StandardOptions.MICRO_BATCH_SIZE, value);
    }

    /** Training steps of an engine without rounds, {@code >= 1}. */
    public Builder steps(int value) {
      return option(StandardOptions.STEPS, value);
    }

    /** Passes over the pairs of an engine without rounds, {@code >= 1}. Excludes {@link #steps}. */
    public Builder epochs(int value) {
      return option(StandardOptions.EPOCHS, value);
    }

    /**
     * Steps of plain DPO on the seeds before the first round, {@code >= 0}. Excludes {@link
     * #warmStartEpochs}.
     */
    public Builder warmStartSteps(int value) {
      return option(StandardOptions.WARM_START_STEPS, value);
    }

    /**
     * Passes of plain DPO over the seeds before the first round, {@code >= 0}; 3 unless set, as
     * published.
     */
    public Builder warmStartEpochs(int value) {
      return option(StandardOptions.WARM_START_EPOCHS, value);
    }

    /** Training steps of a round, {@code >= 1}. Excludes {@link #epochsPerRound}. */
    public Builder stepsPerRound(int value) {
      return option(StandardOptions.STEPS_PER_ROUND, value);
    }

    /** Passes over all pairs in a round, {@code >= 1}; 1 unless set. */
    public Builder epochsPerRound(int value) {
      return option(StandardOptions.EPOCHS_PER_ROUND, value);
    }

    /** τ_L {@code >= 0}, weight of KL(π ‖ π_ref) in SLHF, RLOO and Nash-MD; 0.001 unless set. */
    public Builder leaderKl(double value) {
      return option(StandardOptions.LEADER_KL, value);
    }

    /** τ_F {@code >= 0}, weight of KL(ω ‖ ω_ref) in SLHF; 0.001 unless set. */
    public Builder followerKl(double value) {
      return option(StandardOptions.FOLLOWER_KL, value);
    }

    /**
     * κ {@code > 0}: the follower's rate over the leader's in SLHF; 5 unless set. It multiplies the
     * follower's loss where both roles train the same weights, as published, and the learning rate
     * of the follower's own weights where there are some: AdamW undoes a factor of their loss.
     */
    public Builder timescaleRatio(double value) {
      return option(StandardOptions.TIMESCALE_RATIO, value);
    }

    /** What the follower of SLHF is asked; {@link Refiner#IMPROVE_INSTRUCTION} unless set. */
    public Builder improveInstruction(String text) {
      return option(StandardOptions.IMPROVE_INSTRUCTION, text);
    }

    /**
     * What is subtracted from a payoff in SLHF and Nash-MD; {@link Baseline#HALF} unless set.
     * {@link Baseline#LEAVE_ONE_OUT} needs {@link #samplesPerPrompt} {@code >= 2}.
     */
    public Builder baseline(Baseline value) {
      return option(StandardOptions.BASELINE, value);
    }

    /**
     * Subtracted from the payoff of a response that no end-of-sequence token ended, {@code >= 0},
     * in SLHF, RLOO and Nash-MD; 0 unless set.
     */
    public Builder missingEosPenalty(double value) {
      return option(StandardOptions.MISSING_EOS_PENALTY, value);
    }

    /**
     * What estimates the KL of a token in SLHF; {@link KlEstimator#K1} unless set, the only one
     * that expects the KL's gradient.
     */
    public Builder klEstimator(KlEstimator value) {
      return option(StandardOptions.KL_ESTIMATOR, value);
    }

    /**
     * Which tokens' KL estimates a token is charged with; {@link KlCredit#TOKEN} unless set in
     * SLHF, {@link KlCredit#TO_GO} in Nash-MD.
     */
    public Builder klCredit(KlCredit value) {
      return option(StandardOptions.KL_CREDIT, value);
    }

    /**
     * Stores the run in this directory: its manifest, metrics, annotated pairs and checkpoints. It
     * must be new or empty, unless {@link #resume} is set. Needs sgpo-core.
     */
    public Builder runDirectory(Path directory) {
      settings.directory(directory);
      return this;
    }

    /** Stores the run here, in place of a directory. */
    public Builder runStore(RunStore store) {
      settings.store(store);
      return this;
    }

    /**
     * Whether a run that the directory holds is gone on with, to the same result as if it had not
     * been stopped; a directory that holds none is begun. Options, data and the policy that is
     * given must be those of the run, or it is refused. False unless set.
     */
    public Builder resume(boolean value) {
      return control(control -> control.withResume(value));
    }

    /**
     * Writes a checkpoint after this many training steps, {@code >= 1}. Unless set, every five
     * minutes. Checkpoints are also written after every round and every chunk of annotations, and
     * whenever a run stops.
     */
    public Builder checkpointEvery(long steps) {
      return control(control -> control.withCadence(new Cadence(steps, control.cadence().time())));
    }

    /** Writes a checkpoint when this much time has passed since the last one. */
    public Builder checkpointEvery(Duration time) {
      return control(control -> control.withCadence(new Cadence(control.cadence().steps(), time)));
    }

    /** What the run may use; no limit unless set. */
    public Builder budget(Budget value) {
      return control(control -> control.withBudget(value));
    }

    /**
     * Asked between two steps: once it is true, the run stops cleanly. Called on the thread that
     * aligns; for a flag that another thread sets.
     */
    public Builder cancelWhen(BooleanSupplier cancelled) {
      return control(control -> control.withCancelled(cancelled));
    }

    /**
     * Measures the policy at the start and after every round, and leaves it in the end where it
     * measured best.
     */
    public Builder heldOut(Measure measure) {
      return heldOut(HeldOut.of(measure));
    }

    /** Measures the policy as this says; with a patience, stops early. */
    public Builder heldOut(HeldOut value) {
      return control(control -> control.withHeldOut(value));
    }

    private Builder control(UnaryOperator<RunControl> change) {
      settings.change(change);
      return this;
    }

    /** Hears of all events. */
    public Builder listener(AlignmentListener listener) {
      settings.add(listener);
      return this;
    }

    /** Hears of finished rounds. */
    public Builder onRound(Consumer<? super RoundReport> consumer) {
      Objects.requireNonNull(consumer, "consumer");
      return listener(
          new AlignmentListener() {
            @Override
            public void onRound(RoundReport round) {
              consumer.accept(round);
            }
          });
    }

    /**
     * Validates all options against the engine.
     *
     * @throws IllegalStateException if an option is set that the engine does not read, one that it
     *     needs is missing, or two contradict each other; if a run directory, budget, cancellation
     *     or measure is set and the engine's run is not in units
     * @throws IllegalArgumentException if engine or follower is unknown, or a value is outside its
     *     domain
     */
    public Aligner build() {
      AlignmentEngine engine = choice.engine();
      Options complete = choice.withFollower(options);
      requireRead(complete, engine);
      AlignmentListener listener = settings.listener();
      AlignmentEngine.Run run = engine.prepare(complete, listener);
      RunControl control = settings.control(listener, choice.loader());
      if (!(run instanceof SteppedRun) && settings.needUnits()) {
        throw new IllegalStateException(
            "engine "
                + engine.name()
                + " does not run in units of work, so runDirectory, resume, checkpointEvery, budget,"
                + " cancelWhen and heldOut cannot be set");
      }
      return new Aligner(run, control);
    }

    private static void requireRead(Options options, AlignmentEngine engine) {
      for (Option<?> option : options.set()) {
        if (!engine.options().contains(option)) {
          throw new IllegalStateException(
              "engine " + engine.name() + " does not read the option " + option.name());
        }
      }
    }
  }
}
