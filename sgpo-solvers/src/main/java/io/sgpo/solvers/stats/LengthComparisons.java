package io.sgpo.solvers.stats;

/**
 * A model's answers, each compared with the reference's answer to the same instruction, with the
 * lengths of both. Immutable.
 */
public final class LengthComparisons {
  /** A deviation below this share of the largest difference is rounding. */
  private static final double ROUNDING = 1e-12;

  private final double[] preferences;
  private final double[] differences;
  private final int[] instructions;

  private LengthComparisons(double[] preferences, double[] differences, int[] instructions) {
    this.preferences = preferences;
    this.differences = differences;
    this.instructions = instructions;
  }

  /**
   * Comparisons as judged.
   *
   * @param preferences p(model's answer ≻ reference's) in [0, 1], at least one; soft labels are
   *     taken as they are, ½ is a tie
   * @param lengths of the model's answers, finite, {@code >= 0}, in characters or tokens
   * @param referenceLengths of the reference's answers, in the same unit
   * @param instructions the instruction of each comparison, any integers; the same number for the
   *     same instruction in every model's comparisons
   * @throws IllegalArgumentException if sizes differ or a number is outside its domain
   */
  public static LengthComparisons of(
      double[] preferences, double[] lengths, double[] referenceLengths, int[] instructions) {
    int n = preferences.length;
    if (n == 0) {
      throw new IllegalArgumentException("preferences must not be empty");
    }
    requireSize("lengths", lengths.length, n);
    requireSize("referenceLengths", referenceLengths.length, n);
    requireSize("instructions", instructions.length, n);
    double[] differences = new double[n];
    for (int i = 0; i < n; i++) {
      WinRate.requirePreference(i, preferences[i]);
      requireLength("lengths", i, lengths[i]);
      requireLength("referenceLengths", i, referenceLengths[i]);
      differences[i] = lengths[i] - referenceLengths[i];
    }
    return new LengthComparisons(preferences.clone(), differences, instructions.clone());
  }

  private static void requireSize(String name, int size, int expected) {
    if (size != expected) {
      throw new IllegalArgumentException(
          name + " must have one entry per preference, " + expected + ", but had " + size);
    }
  }

  private static void requireLength(String name, int i, double length) {
    if (!(length >= 0) || length == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          name + " must be finite and >= 0, but length " + i + " was " + length);
    }
  }

  /** The same comparisons with the two sides exchanged. */
  public LengthComparisons swapped() {
    double[] back = new double[size()];
    double[] reversed = new double[size()];
    for (int i = 0; i < back.length; i++) {
      back[i] = 1 - preferences[i];
      reversed[i] = -differences[i];
    }
    return new LengthComparisons(back, reversed, instructions);
  }

  /** The number of comparisons. */
  public int size() {
    return preferences.length;
  }

  double[] preferences() {
    return preferences;
  }

  int[] instructions() {
    return instructions;
  }

  /** The mean preference, which is the win rate if every label is 0, ½ or 1. */
  double meanPreference() {
    double sum = 0;
    for (double preference : preferences) {
      sum += preference;
    }
    return sum / preferences.length;
  }

  /** The share of comparisons in which the model's answer was the shorter one. */
  double shorter() {
    double count = 0;
    for (double difference : differences) {
      count += difference < 0 ? 1 : 0;
    }
    return count / differences.length;
  }

  /**
   * tanh(Δ/s), Δ the difference of lengths and s its sample standard deviation over the comparisons
   * (arXiv 2404.04475, section 3); 0 where all differences are the same, and length explains
   * nothing.
   */
  double[] lengthTerms() {
    double deviation = deviation();
    double[] terms = new double[size()];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = deviation == 0 ? 0 : Math.tanh(differences[i] / deviation);
    }
    return terms;
  }

  private double deviation() {
    double sum = 0;
    double most = 0;
    for (double difference : differences) {
      sum += difference;
      most = Math.max(most, Math.abs(difference));
    }
    double mean = sum / differences.length;
    double squares = 0;
    for (double difference : differences) {
      squares += (difference - mean) * (difference - mean);
    }
    double deviation = differences.length == 1 ? 0 : Math.sqrt(squares / (differences.length - 1));
    return deviation > ROUNDING * most ? deviation : 0;
  }
}
