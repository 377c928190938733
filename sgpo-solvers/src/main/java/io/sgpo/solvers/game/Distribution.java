package io.sgpo.solvers.game;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A probability vector over actions {@code 0 .. size-1}: entries in [0, 1] that sum to one.
 * Immutable; equal by value.
 */
public final class Distribution {
  private static final double SUM_TOLERANCE = 1e-9;

  private final double[] probabilities;

  private Distribution(double[] probabilities) {
    this.probabilities = probabilities;
  }

  /**
   * The distribution with these probabilities, divided by their sum.
   *
   * @param probabilities finite, {@code >= 0}, summing to one within 1e-9; copied
   * @throws IllegalArgumentException if they are not such
   */
  public static Distribution of(double... probabilities) {
    return named("probabilities", probabilities);
  }

  /** {@link #of(double...)} with the name that its messages use. */
  static Distribution named(String name, double... probabilities) {
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double p = probabilities[i];
      if (!(p >= 0) || p == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            name + "[" + i + "] must be finite and >= 0, but was " + p);
      }
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          name + " must sum to 1 within " + SUM_TOLERANCE + ", but summed to " + sum);
    }
    double[] own = probabilities.clone();
    for (int i = 0; i < own.length; i++) {
      own[i] /= sum;
    }
    return new Distribution(own);
  }

  /** Takes ownership of a vector that is known to be a distribution. */
  static Distribution owning(double[] probabilities) {
    return new Distribution(probabilities);
  }

  /**
   * The uniform distribution.
   *
   * @param size the number of actions, {@code >= 1}
   */
  public static Distribution uniform(int size) {
    requireSize(size);
    double[] probabilities = new double[size];
    Arrays.fill(probabilities, 1.0 / size);
    return new Distribution(probabilities);
  }

  /**
   * All mass on one action.
   *
   * @param size the number of actions, {@code >= 1}
   * @param action the action with probability one
   */
  public static Distribution pure(int size, int action) {
    requireSize(size);
    requireAction("action", action, size);
    double[] probabilities = new double[size];
    probabilities[action] = 1;
    return new Distribution(probabilities);
  }

  static void requireAction(String name, int action, int size) {
    if (action < 0 || action >= size) {
      throw new IllegalArgumentException(name + " must be in [0, " + size + "), but was " + action);
    }
  }

  private static void requireSize(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be >= 1, but was " + size);
    }
  }

  /** The number of actions. */
  public int size() {
    return probabilities.length;
  }

  /** The probability of an action. */
  public double get(int action) {
    return probabilities[action];
  }

  /** The probabilities, a fresh copy. */
  public double[] toArray() {
    return probabilities.clone();
  }

  /** Copies the probabilities to the start of {@code target}. */
  void copyTo(double[] target) {
    System.arraycopy(probabilities, 0, target, 0, probabilities.length);
  }

  /** The most probable action, of equals the first. */
  public int mode() {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  /** One action drawn by inversion of one uniform. */
  public int sample(RandomGenerator random) {
    return draw(probabilities, random);
  }

  static int draw(double[] probabilities, RandomGenerator random) {
    double left = random.nextDouble();
    int last = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        left -= probabilities[i];
        last = i;
        if (left < 0) {
          return i;
        }
      }
    }
    return last; // the probabilities summed to a little less than one
  }

  /** KL(this ‖ other) = Σ p log(p/q), in nats; infinite where q = 0 {@code <} p. */
  public double klFrom(Distribution other) {
    requireSameSize(other.size());
    double kl = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double p = probabilities[i];
      kl += p == 0 ? 0 : p * Math.log(p / other.probabilities[i]);
    }
    return Math.max(0, kl);
  }

  private void requireSameSize(int otherSize) {
    if (otherSize != size()) {
      throw new IllegalArgumentException(
          "the other distribution must have " + size() + " actions, but had " + otherSize);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Distribution that && Arrays.equals(probabilities, that.probabilities);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(probabilities);
  }

  @Override
  public String toString() {
    return Arrays.toString(probabilities);
  }
}
