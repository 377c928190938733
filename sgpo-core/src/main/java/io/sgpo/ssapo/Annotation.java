package io.sgpo.ssapo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.Progress;
import io.sgpo.ssapo.Selection.Drop;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One round of annotation: draws responses to new prompts and makes pairs of the best and worst.
 */
final class Annotation {

  /** Prompts drawn for at a time; a part of the draws' keys, so it is no option. */
  private static final int CHUNK = 64;

  private final int round;
  private final Annotator annotator;
  private final TrainablePolicy policy;
  private final FrozenPolicy reference;
  private final PairTable table;
  private final List<AnnotatedPair> pairs = new ArrayList<>();
  private final Map<Drop, Integer> drops = new EnumMap<>(Drop.class);
  private final JudgeCounts countsBefore;
  private long responses;
  private long tokens;

  /**
   * @param table where the pairs go
   */
  Annotation(
      int round,
      Annotator annotator,
      TrainablePolicy policy,
      FrozenPolicy reference,
      PairTable table) {
    this.round = round;
    this.annotator = annotator;
    this.policy = policy;
    this.reference = reference;
    this.table = table;
    this.countsBefore = annotator.counts();
  }

  void annotate(List<Prompt> prompts, RoundOptions options, long seed, AlignmentListener listener) {
    for (int start = 0; start < prompts.size(); start += CHUNK) {
      Interruption.check("annotation");
      int end = Math.min(prompts.size(), start + CHUNK);
      Sampling sampling =
          Sampling.of(options.maxNewTokens(), Streams.key(seed, "annotate", round, start / CHUNK))
              .withTemperature(options.temperature())
              .withSamplesPerPrompt(options.samplesPerPrompt());
      take(policy.sample(prompts.subList(start, end), sampling));
      listener.onProgress(new Progress("annotate", round, end, prompts.size()));
    }
  }

  private void take(List<List<Sample>> drawn) {
    List<List<Sample>> candidates = new ArrayList<>();
    for (List<Sample> samples : drawn) {
      count(samples);
      List<Sample> notEmpty = Selection.notEmpty(samples);
      List<Sample> distinct = Selection.distinct(notEmpty);
      if (distinct.size() >= 2) {
        candidates.add(distinct);
      } else {
        drop(notEmpty.size() < 2 ? Drop.EMPTY : Drop.EQUAL_TEXT);
      }
    }
    List<double[]> referred = SequenceScores.sums(reference, candidates);
    List<double[]> scores = annotator.score(candidates, referred, policy);
    for (int p = 0; p < candidates.size(); p++) {
      pair(candidates.get(p), scores.get(p), referred.get(p));
    }
  }

  private void pair(List<Sample> candidates, double[] scores, double[] referred) {
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
    table.add(pair, referred[extremes.best()] - referred[extremes.worst()]);
    pairs.add(new AnnotatedPair(round, pair, extremes.margin()));
  }

  private void count(List<Sample> samples) {
    for (Sample sample : samples) {
      responses++;
      tokens += sample.exchange().response().tokens().size();
    }
  }

  private void drop(Drop cause) {
    drops.merge(cause, 1, Integer::sum);
  }

  /** The pairs of the round. */
  List<AnnotatedPair> pairs() {
    return List.copyOf(pairs);
  }

  /** How many prompts gave no pair, by cause. */
  Map<Drop, Integer> drops() {
    return new EnumMap<>(drops);
  }

  Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metrics.ANNOTATED, (double) pairs.size());
    metrics.put(Metrics.DROPPED, drops.values().stream().mapToDouble(n -> n).sum());
    for (Drop cause : Drop.values()) {
      metrics.put(cause.metric(), (double) drops.getOrDefault(cause, 0));
    }
    JudgeCounts counts = annotator.counts().minus(countsBefore);
    metrics.put(Metrics.TIES, (double) counts.ties());
    metrics.put(Metrics.ABSTENTIONS, (double) counts.abstentions());
    metrics.put(Metrics.FAILURES, (double) counts.failures());
    metrics.put(Metrics.RESPONSE_LENGTH, (double) tokens / responses);
    return metrics;
  }
}
