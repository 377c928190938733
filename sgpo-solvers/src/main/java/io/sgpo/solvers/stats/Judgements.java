package io.sgpo.solvers.stats;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The judgements of one pair, as they come in. */
final class Judgements {
  private double[] preferences = new double[16];
  private int[] prompts = new int[16];
  private int size;
  private int abstentions;
  private int failures;

  /** How many were decided. */
  int size() {
    return size;
  }

  void add(int prompt, double preference) {
    if (size == preferences.length) {
      preferences = Arrays.copyOf(preferences, 2 * size);
      prompts = Arrays.copyOf(prompts, 2 * size);
    }
    WinRate.requirePreference(size, preference);
    preferences[size] = preference;
    prompts[size++] = prompt;
  }

  void abstain() {
    abstentions++;
  }

  void fail() {
    failures++;
  }

  JudgedCell toCell(int resamples, double confidence, RandomGenerator random) {
    if (size == 0) {
      return new JudgedCell(null, Double.NaN, abstentions, failures);
    }
    double[] decided = Arrays.copyOf(preferences, size);
    int[] clusters = Arrays.copyOf(prompts, size);
    double mean = Arrays.stream(decided).sum() / size;
    return new JudgedCell(
        WinRate.of(decided, clusters, resamples, confidence, random), mean, abstentions, failures);
  }
}
