package io.sgpo.examples.quickstart;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferencePair;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The labelled seed pairs of a trial: two answers of the starting model to each prompt, a label
 * drawn from the true preference, and an exact share of the labels flipped afterwards.
 *
 * @param pairs the pairs as the methods see them, in the order of the prompts
 * @param honest the same pairs before labels were flipped
 */
record SeedLabels(List<PreferencePair> pairs, List<PreferencePair> honest) {

  SeedLabels {
    pairs = List.copyOf(pairs);
    honest = List.copyOf(honest);
  }

  /** How many labels are flipped. */
  int flips() {
    int flips = 0;
    for (int i = 0; i < pairs.size(); i++) {
      flips += pairs.get(i).equals(honest.get(i)) ? 0 : 1;
    }
    return flips;
  }

  /**
   * Draws pairs and labels. A prompt whose two answers are equal gives no pair.
   *
   * @param start who answers
   * @param prompts the seed prompts
   * @param flipShare the share of flipped labels, rounded to whole pairs, in [0, 1]
   * @param sampling how answers are drawn; two per prompt are taken
   * @param trial the trial's seed
   */
  static SeedLabels draw(
      Policy start,
      List<? extends Prompt> prompts,
      double flipShare,
      Sampling sampling,
      long trial) {
    long key = Streams.key(trial, "seed-answers");
    List<List<Sample>> drawn =
        start.sample(prompts, sampling.withSamplesPerPrompt(2).withSeed(key));
    List<PreferencePair> honest = new ArrayList<>();
    SplittableRandom labels = Streams.of(trial, "seed-labels");
    for (List<Sample> two : drawn) {
      Response first = two.get(0).exchange().response();
      Response second = two.get(1).exchange().response();
      if (!first.text().equals(second.text()) && !first.isEmpty() && !second.isEmpty()) {
        honest.add(label(two.get(0).exchange().prompt(), first, second, labels));
      }
    }
    return flip(honest, flipShare, Streams.of(trial, "seed-flips"));
  }

  private static PreferencePair label(
      Prompt prompt, Response first, Response second, SplittableRandom labels) {
    return labels.nextDouble() < TruePreference.probability(prompt, first, second)
        ? new PreferencePair(prompt, first, second)
        : new PreferencePair(prompt, second, first);
  }

  static SeedLabels flip(List<PreferencePair> honest, double share, SplittableRandom random) {
    long left = Math.round(share * honest.size());
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < honest.size(); i++) {
      boolean flip = random.nextInt(honest.size() - i) < left; // selection sampling
      left -= flip ? 1 : 0;
      pairs.add(flip ? honest.get(i).flipped() : honest.get(i));
    }
    return new SeedLabels(pairs, honest);
  }
}
