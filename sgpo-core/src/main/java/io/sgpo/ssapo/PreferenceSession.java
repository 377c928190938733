package io.sgpo.ssapo;

import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.MetricValues;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.spi.RunContext;
import io.sgpo.spi.SteppedRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link PreferencePipeline} under way: a phase at a time, of a round at a time. */
final class PreferenceSession implements SteppedRun.Session {

  private static final Logger LOG = LoggerFactory.getLogger(PreferenceSession.class);

  /** What is done in turn. */
  private enum Stage {
    REFERENCE,
    ANNOTATION,
    TRAINING,
    DONE
  }

  private final String engine;
  private final PreferenceTask task;
  private final @Nullable AnnotationPlan plan;
  private final RunContext context;
  private final int[] seeds;
  private final PairTable table;
  private final @Nullable GapFollower follower;
  private Stage stage;
  private int round;

  /** How many pairs there were before this round's annotation. */
  private int known;

  private Phase phase;
  private MetricValues annotationMetrics = new MetricValues(Map.of());

  /** A session at its beginning. */
  PreferenceSession(
      String engine, PreferenceTask task, @Nullable AnnotationPlan plan, RunContext context) {
    this(
        engine,
        task,
        plan,
        context,
        task.choice().indices(task.seeds(), task.policy(), task.seed()),
        new PairTable());
  }

  /** A session that goes on from a state. */
  PreferenceSession(
      String engine,
      PreferenceTask task,
      @Nullable AnnotationPlan plan,
      RunContext context,
      RunState state) {
    this(
        engine,
        task,
        plan,
        context,
        LongStream.of(state.integers("seeds")).mapToInt(Math::toIntExact).toArray(),
        PairTable.of(state.state("table"), task.seeds(), context.annotations()));
    round = state.count("round");
    known = state.count("known");
    stage = Stage.valueOf(state.text("stage"));
    annotationMetrics = MetricValues.of(state.state("annotation"));
    phase = phase(stage);
    phase.restore(state.state("phase"));
  }

  private PreferenceSession(
      String engine,
      PreferenceTask task,
      @Nullable AnnotationPlan plan,
      RunContext context,
      int[] seeds,
      PairTable table) {
    this.engine = engine;
    this.task = task;
    this.plan = plan;
    this.context = context;
    this.seeds = seeds;
    this.table = table;
    FollowerOptions options = plan == null ? null : plan.follower();
    this.follower =
        options == null
            ? null
            : new GapFollower(options, task.loss(), task.beta(), context.listener());
    this.stage = Stage.REFERENCE;
    this.phase = phase(stage);
  }

  @Override
  public RunState state() {
    return new RunState()
        .put("stage", stage.name())
        .put("round", round)
        .put("known", known)
        .put("seeds", IntStream.of(seeds).asLongStream().toArray())
        .put("table", table.state())
        .put("annotation", annotationMetrics.toState())
        .put("phase", phase.state());
  }

  @Override
  public boolean isDone() {
    return stage == Stage.DONE;
  }

  @Override
  public void advance() {
    if (!phase.isDone()) { // a round without pairs has nothing to train
      phase.advance();
    }
    if (phase.isDone()) {
      next();
    }
  }

  private void next() {
    switch (stage) {
      case REFERENCE -> enter(task.onSeeds().extent().count() > 0 ? Stage.TRAINING : afterRound());
      case ANNOTATION -> {
        endAnnotation((Annotation) phase);
        enter(Stage.TRAINING);
      }
      case TRAINING -> {
        report((LeaderTraining) phase);
        enter(afterRound());
      }
      case DONE -> throw new IllegalStateException("the run is done");
    }
  }

  private Stage afterRound() {
    return plan == null || round == plan.options().rounds() ? Stage.DONE : Stage.ANNOTATION;
  }

  private void enter(Stage next) {
    if (next == Stage.ANNOTATION) {
      round++;
      known = table.size();
    }
    stage = next;
    phase = phase(next);
  }

  private Phase phase(Stage entered) {
    return switch (entered) {
      case REFERENCE -> new ReferenceScoring(task.seeds(), seeds, context, table);
      case ANNOTATION -> annotation(Objects.requireNonNull(plan));
      case TRAINING -> training();
      case DONE -> Phase.NOTHING;
    };
  }

  private Annotation annotation(AnnotationPlan rounds) {
    return new Annotation(round, rounds, task, table, context);
  }

  private LeaderTraining training() {
    RoundTraining how = round == 0 || plan == null ? onSeeds() : ofRound(plan);
    return new LeaderTraining(task, table, context, how);
  }

  private RoundTraining onSeeds() {
    return new RoundTraining(
        0,
        IntStream.range(0, table.size()).toArray(),
        table.size(),
        task.onSeeds().extent(),
        task.onSeeds().beta(),
        task.onSeeds().training(),
        null,
        RoundReference.START,
        null);
  }

  private RoundTraining ofRound(AnnotationPlan rounds) {
    RoundOptions options = rounds.options();
    int[] pairs =
        IntStream.range(0, table.size())
            .filter(pair -> options.pairs().takes(table.isSeed(pair), pair >= known))
            .toArray();
    return new RoundTraining(
        round,
        pairs,
        rounds.annotatorScores() ? known : table.size(),
        options.training(),
        task.beta(),
        task.training(),
        follower,
        options.reference(),
        rounds.refinement());
  }

  private void endAnnotation(Annotation annotation) {
    annotationMetrics = new MetricValues(annotation.metrics());
    if (annotation.annotated() == 0) {
      context
          .listener()
          .onWarning("round " + round + ": no prompt gave a pair: " + annotation.drops());
    }
  }

  private void report(LeaderTraining training) {
    Map<Metric, Double> metrics = new LinkedHashMap<>(annotationMetrics.values());
    annotationMetrics = new MetricValues(Map.of());
    metrics.putAll(training.metrics());
    List<AnnotatedPair> pairs =
        context.annotations().stream().filter(pair -> pair.round() == round).toList();
    LOG.info("{} finished round {} with {} new pairs", engine, round, pairs.size());
    context.listener().onRound(new RoundReport(round, new MetricValues(metrics), pairs));
  }
}
