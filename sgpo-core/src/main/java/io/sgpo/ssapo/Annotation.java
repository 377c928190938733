package io.sgpo.ssapo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.Progress;
import io.sgpo.run.RunState;
import io.sgpo.spi.RunContext;
import io.sgpo.ssapo.Selection.Drop;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One round of annotation: draws responses to new prompts and makes pairs of the best and worst.
 */
final class Annotation implements Phase {

  /** Prompts drawn for at a time; a part of the draws' keys, so it is no option. */
  private static final int CHUNK = 64;

  private final int round;
  private final List<Prompt> prompts;
  private final RoundOptions options;
  private final Annotator annotator;
  private final PreferenceTask task;
  private final FrozenPolicy reference;
  private final PairTable table;
  private final RunContext context;
  private final Map<Drop, Integer> drops = new EnumMap<>(Drop.class);
  private JudgeCounts counts = JudgeCounts.NONE;
  private int done;
  private int annotated;
  private long responses;
  private long tokens;
  private long compared;
  private double logRatios;

  /**
   * @param table where the pairs go
   * @param context where they are recorded
   */
  Annotation(
      int round, AnnotationPlan plan, PreferenceTask task, PairTable table, RunContext context) {
    this.round = round;
    this.prompts = plan.promptsOf(round);
    this.options = plan.options();
    this.annotator = plan.annotator(task.beta(), this::warn);
    this.task = task;
    this.reference = context.reference();
    this.table = table;
    this.context = context;
  }

  @Override
  public void restore(RunState state) {
    done = state.count("done");
    annotated = state.count("annotated");
    responses = state.integer("responses");
    tokens = state.integer("tokens");
    compared = state.integer("compared");
    logRatios = state.number("logRatios");
    counts =
        new JudgeCounts(
            state.integer("ties"), state.integer("abstentions"), state.integer("failures"));
    for (Drop cause : Drop.values()) {
      drops.put(cause, state.count(cause.metric().name()));
    }
  }

  @Override
  public RunState state() {
    RunState state =
        new RunState()
            .put("done", done)
            .put("annotated", annotated)
            .put("responses", responses)
            .put("tokens", tokens)
            .put("compared", compared)
            .put("logRatios", logRatios)
            .put("ties", counts.ties())
            .put("abstentions", counts.abstentions())
            .put("failures", counts.failures());
    for (Drop cause : Drop.values()) {
      state.put(cause.metric().name(), drops.getOrDefault(cause, 0));
    }
    return state;
  }

  @Override
  public boolean isDone() {
    return done == prompts.size();
  }

  /** A chunk of prompts. */
  @Override
  public void advance() {
    Interruption.check("annotation");
    int end = Math.min(prompts.size(), done + CHUNK);
    Sampling sampling =
        Sampling.of(
                options.maxNewTokens(), Streams.key(task.seed(), "annotate", round, done / CHUNK))
            .withTemperature(options.temperature())
            .withSamplesPerPrompt(options.samplesPerPrompt());
    Drawn drawn = new Drawn(task.policy().sample(prompts.subList(done, end), sampling));
    JudgeCounts before = annotator.counts();
    List<double[]> referred = SequenceScores.sums(reference, drawn.candidates());
    Annotator.Judgement judgement = annotator.score(drawn.candidates(), referred, task.policy());
    counts = counts.plus(annotator.counts().minus(before));
    take(drawn, judgement, referred);
    done = end;
    context.listener().onProgress(new Progress("annotate", round, end, prompts.size()));
  }

  /** The responses to a chunk of prompts. */
  private static final class Drawn {
    private final List<List<Sample>> candidates = new ArrayList<>();
    private final List<Drop> drops = new ArrayList<>();
    private long responses;
    private long tokens;

    Drawn(List<List<Sample>> drawn) {
      for (List<Sample> samples : drawn) {
        count(samples);
        List<Sample> notEmpty = Selection.notEmpty(samples);
        List<Sample> distinct = Selection.distinct(notEmpty);
        if (distinct.size() >= 2) {
          candidates.add(distinct);
        } else {
          drops.add(notEmpty.size() < 2 ? Drop.EMPTY : Drop.EQUAL_TEXT);
        }
      }
    }

    private void count(List<Sample> samples) {
      for (Sample sample : samples) {
        responses++;
        tokens += sample.exchange().response().tokens().size();
      }
    }

    List<List<Sample>> candidates() {
      return candidates;
    }
  }

  private void take(Drawn drawn, Annotator.Judgement judgement, List<double[]> referred) {
    responses += drawn.responses;
    tokens += drawn.tokens;
    context.sampled(drawn.tokens);
    context.judged(annotator.comparisons(drawn.candidates()));
    drawn.drops.forEach(this::drop);
    int recorded = context.annotations().size();
    int before = annotated;
    List<double[]> current = judgement.current();
    for (int p = 0; p < drawn.candidates().size(); p++) {
      double[] now = current == null ? null : current.get(p);
      int next = recorded + annotated - before;
      pair(
          next,
          drawn.candidates().get(p),
          judgement.scores().get(p),
          new LogSums(referred.get(p), now));
    }
  }

  /**
   * Log-probabilities of a prompt's responses.
   *
   * @param current the policy's, if they are known
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  private record LogSums(double[] reference, double @Nullable [] current) {

    PairTable.Scores reference(Selection.Extremes extremes) {
      return new PairTable.Scores(reference[extremes.best()], reference[extremes.worst()]);
    }
  }

  private void pair(int index, List<Sample> candidates, double[] scores, LogSums sums) {
    count(sums);
    if (Selection.scored(scores) < 2) {
      drop(Drop.UNJUDGED);
      return;
    }
    Selection.Extremes extremes = Selection.extremes(scores);
    if (extremes.margin() == 0) {
      drop(Drop.EQUAL_SCORE);
      return;
    }
    var best = candidates.get(extremes.best()).exchange();
    var worst = candidates.get(extremes.worst()).exchange();
    PreferencePair pair = new PreferencePair(best.prompt(), best.response(), worst.response());
    table.add(PairTable.Origin.annotated(index), pair, sums.reference(extremes));
    double[] current = sums.current();
    if (current != null) {
      table.see(
          table.size() - 1,
          new PairTable.Scores(current[extremes.best()], current[extremes.worst()]));
    }
    context.annotated(new AnnotatedPair(round, pair, extremes.margin()));
    annotated++;
  }

  private void count(LogSums sums) {
    double[] current = sums.current();
    for (int i = 0; current != null && i < current.length; i++) {
      logRatios += current[i] - sums.reference()[i];
      compared++;
    }
  }

  private void warn(String message) {
    context.listener().onWarning("round " + round + ": " + message);
  }

  private void drop(Drop cause) {
    drops.merge(cause, 1, Integer::sum);
  }

  /** How many pairs there are of the round. */
  int annotated() {
    return annotated;
  }

  /** How many prompts gave no pair, by cause. */
  Map<Drop, Integer> drops() {
    return new EnumMap<>(drops);
  }

  Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metrics.ANNOTATED, (double) annotated);
    metrics.put(Metrics.DROPPED, drops.values().stream().mapToDouble(n -> n).sum());
    for (Drop cause : Drop.values()) {
      metrics.put(cause.metric(), (double) drops.getOrDefault(cause, 0));
    }
    metrics.put(Metrics.TIES, (double) counts.ties());
    metrics.put(Metrics.ABSTENTIONS, (double) counts.abstentions());
    metrics.put(Metrics.FAILURES, (double) counts.failures());
    metrics.put(Metrics.RESPONSE_LENGTH, (double) tokens / responses);
    if (compared > 0) {
      metrics.put(Metrics.LOG_RATIO, logRatios / compared);
    }
    return metrics;
  }
}
