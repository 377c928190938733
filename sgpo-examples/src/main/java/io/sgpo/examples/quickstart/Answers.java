package io.sgpo.examples.quickstart;

import io.sgpo.Refiner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.solvers.stats.WinRate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Answers to the test prompts of a trial, some to each, and what can be measured of them. Answers
 * of two policies are compared index by index.
 *
 * @param requests the user's prompt of every answer, in the order of the prompts
 * @param rows the index of that prompt
 * @param samples the answers; under a follower their prompts contain the answer that was improved
 */
record Answers(List<Prompt> requests, List<Integer> rows, List<Sample> samples) {

  Answers {
    requests = List.copyOf(requests);
    rows = List.copyOf(rows);
    samples = List.copyOf(samples);
  }

  /** Answers that were drawn to prompts, some to each. */
  static Answers of(List<List<Sample>> drawn) {
    List<Prompt> requests = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < drawn.size(); row++) {
      for (Sample sample : drawn.get(row)) {
        requests.add(sample.exchange().prompt());
        samples.add(sample);
        rows.add(row);
      }
    }
    return new Answers(requests, rows, samples);
  }

  /** The improvements of these answers by a follower, one of each. */
  Answers improvedBy(Policy follower, Sampling sampling) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      prompts.add(requests.get(i).followUp(response(i).text(), Refiner.IMPROVE_INSTRUCTION));
    }
    List<Sample> improved = new ArrayList<>();
    follower.sample(prompts, sampling.withSamplesPerPrompt(1)).forEach(improved::addAll);
    return new Answers(requests, rows, improved);
  }

  int size() {
    return samples.size();
  }

  Response response(int index) {
    return samples.get(index).exchange().response();
  }

  /** p(first ≻ second | x) of two responses to a prompt. */
  @FunctionalInterface
  interface Probability {
    double of(Prompt prompt, Response first, Response second);
  }

  /** For every answer, the probability that it is preferred to the other list's. */
  double[] preferences(Answers others, Probability judge) {
    double[] preferences = new double[size()];
    for (int i = 0; i < preferences.length; i++) {
      preferences[i] = judge.of(requests.get(i), response(i), others.response(i));
    }
    return preferences;
  }

  /** The win rate over the other answers; its bootstrap interval resamples prompts. */
  WinRate winRate(Answers others, Probability judge, long seed) {
    int[] prompts = rows.stream().mapToInt(row -> row).toArray();
    return WinRate.of(preferences(others, judge), prompts, Streams.of(seed, "bootstrap"));
  }

  /** The true score of every answer. */
  double[] scores() {
    double[] scores = new double[size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = TruePreference.score(requests.get(i), response(i));
    }
    return scores;
  }

  /**
   * For every answer log π(y|x) − log π_ref(y|x) in nats, y drawn from π: the mean is the KL of the
   * two.
   */
  double[] logRatios(Policy reference) {
    List<Exchange> exchanges = samples.stream().map(Sample::exchange).toList();
    List<LogProbs> scored = reference.logProbs(exchanges);
    double[] ratios = new double[size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = samples.get(i).logProbs().sum() - scored.get(i).sum();
    }
    return ratios;
  }

  /** The share of each tone. */
  Map<Tone, Double> tones() {
    Map<Tone, Double> shares = new EnumMap<>(Tone.class);
    for (Tone tone : Tone.values()) {
      shares.put(tone, 0.0);
    }
    for (int i = 0; i < size(); i++) {
      shares.merge(tone(i), 1.0, Double::sum);
    }
    shares.replaceAll((tone, count) -> count / Math.max(1, size()));
    return shares;
  }

  /** After each tone of the other answers, the shares of these answers' tones. */
  Map<Tone, Map<Tone, Double>> tonesAfter(Answers others) {
    Map<Tone, Map<Tone, Double>> shares = new EnumMap<>(Tone.class);
    for (Tone before : Tone.values()) {
      List<Integer> indices = new ArrayList<>();
      for (int i = 0; i < size(); i++) {
        if (others.tone(i) == before) {
          indices.add(i);
        }
      }
      shares.put(before, only(indices).tones());
    }
    return shares;
  }

  private Answers only(List<Integer> indices) {
    return new Answers(
        indices.stream().map(requests::get).toList(),
        indices.stream().map(rows::get).toList(),
        indices.stream().map(samples::get).toList());
  }

  private Tone tone(int index) {
    return Answer.read(response(index).text()).tone();
  }
}
