package io.sgpo.ssapo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sgpo.baseline.IterativeDpoEngine;
import io.sgpo.baseline.SpaEngine;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.LossType;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Options;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.solvers.follower.KlPenalty;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.RunContext;
import io.sgpo.spi.StandardOptions;
import io.sgpo.spi.SteppedRun;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that goes on from its state after any unit ends with the same weights and reports. */
class SessionResumeTest {

  private static final TinyWorld WORLD = new TinyWorld(5);

  static Stream<Arguments> engines() {
    UnaryOperator<Options> plain = options -> options;
    return Stream.of(
        arguments("ssapo", new SsapoEngine(), plain),
        arguments(
            "ssapo moving",
            new SsapoEngine(),
            (UnaryOperator<Options>)
                o ->
                    o.with(RoundOptions.REFERENCE, RoundReference.ROUND)
                        .with(RoundOptions.PAIRS, RoundPairs.SEEDS_AND_NEWEST)
                        .with(StandardOptions.REFRESH_STEPS, 2)),
        arguments(
            "ssapo batches",
            new SsapoEngine(),
            (UnaryOperator<Options>)
                o ->
                    o.with(FollowerOptions.BATCH_FOLLOWER, true)
                        .with(StandardOptions.PROXIMAL, 1.0)),
        arguments(
            "ssapo ipo",
            new SsapoEngine(),
            (UnaryOperator<Options>)
                o ->
                    o.with(StandardOptions.LOSS, LossType.IPO)
                        .with(StandardOptions.SUPPORT_QUANTILE, 0.1)),
        arguments("spa", new SpaEngine(), plain),
        arguments(
            "iterative-dpo",
            new IterativeDpoEngine(),
            (UnaryOperator<Options>)
                o ->
                    o.with(PreferenceTask.KL_PENALTY, KlPenalty.optimistic(0.5))
                        .with(PreferenceTask.WARM_START_BETA, 0.3)));
  }

  private static Options options(TabularPolicy policy) {
    return Options.none()
        .with(StandardOptions.POLICY, policy)
        .with(StandardOptions.SEED_PREFERENCES, WORLD.seeds())
        .with(StandardOptions.PROMPTS, TinyWorld.PROMPTS)
        .with(StandardOptions.SAMPLES_PER_PROMPT, 4)
        .with(StandardOptions.ROUNDS, 2)
        .with(StandardOptions.LEARNING_RATE, 0.05)
        .with(StandardOptions.WARM_START_EPOCHS, 1)
        .with(StandardOptions.EPOCHS_PER_ROUND, 2)
        .with(StandardOptions.BATCH_SIZE, 8);
  }

  /** What surrounds a session: all that is kept, in memory. */
  private static final class Kept implements RunContext, AutoCloseable {

    private final TrainablePolicy policy;
    private final FrozenPolicy reference;
    private final Map<String, FrozenPolicy> frozen;
    private final List<AnnotatedPair> annotations;
    private final List<AnnotatedPair> fresh = new ArrayList<>();
    private final List<RoundReport> rounds;

    Kept(
        TrainablePolicy policy,
        FrozenPolicy reference,
        Map<String, FrozenPolicy> frozen,
        List<AnnotatedPair> annotations,
        List<RoundReport> rounds) {
      this.policy = policy;
      this.reference = reference;
      this.frozen = new HashMap<>(frozen);
      this.annotations = new ArrayList<>(annotations);
      this.rounds = new ArrayList<>(rounds);
    }

    /** What a unit recorded counts once it has returned. */
    void commit() {
      annotations.addAll(fresh);
      fresh.clear();
    }

    @Override
    public AlignmentListener listener() {
      return new AlignmentListener() {
        @Override
        public void onRound(RoundReport round) {
          rounds.add(round);
        }
      };
    }

    @Override
    public FrozenPolicy reference() {
      return reference;
    }

    @Override
    public List<AnnotatedPair> annotations() {
      return List.copyOf(annotations);
    }

    @Override
    public void annotated(AnnotatedPair pair) {
      fresh.add(pair);
    }

    @Override
    public void sampled(long tokens) {}

    @Override
    public void judged(long comparisons) {}

    @Override
    public FrozenPolicy freeze(String name) {
      FrozenPolicy now = policy.reference();
      frozen.put(name, now);
      return now;
    }

    @Override
    public FrozenPolicy frozen(String name) {
      return Objects.requireNonNull(frozen.get(name));
    }

    @Override
    public void close() {}
  }

  private static SteppedRun run(
      AlignmentEngine engine, TabularPolicy policy, UnaryOperator<Options> more) {
    return (SteppedRun) engine.prepare(more.apply(options(policy)), new AlignmentListener() {});
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("engines")
  void resumesAfterEveryUnit(
      String name, AlignmentEngine engine, UnaryOperator<Options> more, @TempDir Path folder)
      throws IOException {
    try (TabularPolicy policy = WORLD.policy();
        FrozenPolicy reference = policy.reference()) {
      Kept kept = new Kept(policy, reference, Map.of(), List.of(), List.of());
      SteppedRun.Session session = run(engine, policy, more).start(kept);
      List<RunState> states = new ArrayList<>();
      List<Kept> contexts = new ArrayList<>();
      while (!session.isDone()) {
        session.advance();
        kept.commit();
        policy.captureState(folder.resolve("unit" + states.size()));
        states.add(session.state());
        contexts.add(new Kept(policy, reference, kept.frozen, kept.annotations, kept.rounds));
      }
      assertTrue(states.size() > 10, name + " has " + states.size() + " units");
      String expected = TinyWorld.digest(policy);
      for (int unit = 0; unit < states.size(); unit++) {
        Kept from = contexts.get(unit);
        try (TabularPolicy again = WORLD.policy()) {
          Kept on = new Kept(again, reference, from.frozen, from.annotations, from.rounds);
          SteppedRun.Session resumed = run(engine, again, more).resume(on, states.get(unit));
          again.restoreState(folder.resolve("unit" + unit));
          while (!resumed.isDone()) {
            resumed.advance();
            on.commit();
          }
          assertEquals(expected, TinyWorld.digest(again), name + " from unit " + unit);
          assertEquals(kept.rounds, on.rounds, name + " from unit " + unit);
        }
      }
    }
  }
}
