package io.sgpo.policy;

import java.util.Objects;

/**
 * How the learning rate changes over a run's steps, as in transformers: a linear warm-up from 0,
 * then a shape.
 *
 * @param shape after the warm-up
 * @param warmupSteps w {@code >= 0}
 */
public record Schedule(Shape shape, int warmupSteps) {

  /** The rate as it is, at every step. */
  public static final Schedule CONSTANT = new Schedule(Shape.CONSTANT, 0);

  /** Steps after which {@link Shape#INVERSE_SQRT} without a warm-up has fallen to 1/√2. */
  private static final int TIMESCALE = 10_000;

  /** The factor at step t of n after w steps of warm-up. */
  public enum Shape {
    /** 1. */
    CONSTANT,
    /** From 1 to 0: (n − t) / (n − w). */
    LINEAR,
    /** From 1 to 0 along half a cosine: (1 + cos(π (t − w) / (n − w))) / 2. */
    COSINE,
    /** √(w / t); without a warm-up √(10 000 / (10 000 + t)). */
    INVERSE_SQRT
  }

  /**
   * @throws IllegalArgumentException if the warm-up is negative
   */
  public Schedule {
    Objects.requireNonNull(shape, "shape");
    if (warmupSteps < 0) {
      throw new IllegalArgumentException("warmupSteps must be >= 0, but was " + warmupSteps);
    }
  }

  /** That shape without a warm-up. */
  public static Schedule of(Shape shape) {
    return new Schedule(shape, 0);
  }

  public Schedule withWarmupSteps(int value) {
    return new Schedule(shape, value);
  }

  /**
   * What the learning rate is multiplied by, in [0, 1].
   *
   * @param step t, from 0
   * @param steps n, how many there are; after them a falling shape stays at 0
   * @throws IllegalArgumentException if the step is negative
   */
  public double factor(long step, long steps) {
    if (step < 0) {
      throw new IllegalArgumentException("step must be >= 0, but was " + step);
    }
    if (step < warmupSteps) {
      return (double) step / warmupSteps;
    }
    return switch (shape) {
      case CONSTANT -> 1;
      case LINEAR -> 1 - progress(step, steps);
      case COSINE -> (1 + Math.cos(Math.PI * progress(step, steps))) / 2;
      case INVERSE_SQRT -> inverseSqrt(step);
    };
  }

  /** The share of the steps after the warm-up that has passed. */
  private double progress(long step, long steps) {
    return step >= steps ? 1 : (double) (step - warmupSteps) / (steps - warmupSteps);
  }

  private double inverseSqrt(long step) {
    int timescale = warmupSteps == 0 ? TIMESCALE : warmupSteps;
    return Math.sqrt(timescale / (double) (step - warmupSteps + timescale));
  }
}
