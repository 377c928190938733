package io.sgpo.train;

import io.sgpo.policy.AdamW;
import io.sgpo.policy.Schedule;
import io.sgpo.policy.StepOptions;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.spi.StandardOptions;
import java.util.Objects;
import java.util.Set;

/**
 * How every engine trains.
 *
 * @param learningRate η {@code > 0}; 1e-6 unless set, as published for 8B models
 * @param schedule how it changes over the steps; constant unless set
 * @param optimizer settings of AdamW
 * @param maxGradientNorm limit on the gradient's norm, {@code > 0}; infinity unless set
 * @param batchSize groups per step, {@code >= 1}; 32 unless set
 * @param microBatchSize groups that go through the model at once, {@code >= 1}; 8 unless set
 */
public record TrainingOptions(
    double learningRate,
    Schedule schedule,
    AdamW optimizer,
    double maxGradientNorm,
    int batchSize,
    int microBatchSize) {

  /** The options that {@link #from} reads. */
  public static final Set<Option<?>> READ =
      Set.of(
          StandardOptions.LEARNING_RATE,
          StandardOptions.SCHEDULE,
          StandardOptions.WEIGHT_DECAY,
          StandardOptions.MAX_GRADIENT_NORM,
          StandardOptions.BATCH_SIZE,
          StandardOptions.MICRO_BATCH_SIZE);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public TrainingOptions {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(optimizer, "optimizer");
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "learningRate must be finite and > 0, but was " + learningRate);
    }
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException("maxGradientNorm must be > 0, but was " + maxGradientNorm);
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize must be >= 1, but was " + batchSize);
    }
    if (microBatchSize < 1) {
      throw new IllegalArgumentException("microBatchSize must be >= 1, but was " + microBatchSize);
    }
  }

  /** What was set, and the defaults for the rest. */
  public static TrainingOptions from(Options options) {
    return new TrainingOptions(
        options.get(StandardOptions.LEARNING_RATE, 1e-6),
        options.get(StandardOptions.SCHEDULE, Schedule.CONSTANT),
        AdamW.DEFAULT.withWeightDecay(options.get(StandardOptions.WEIGHT_DECAY, 0.0)),
        options.get(StandardOptions.MAX_GRADIENT_NORM, Double.POSITIVE_INFINITY),
        options.get(StandardOptions.BATCH_SIZE, 32),
        options.get(StandardOptions.MICRO_BATCH_SIZE, 8));
  }

  /**
   * The options of a step at temperature 1.
   *
   * @param step from 0, of {@code steps} that the schedule spans
   * @param normaliser what its gradient is divided by
   */
  public StepOptions step(int step, int steps, double normaliser) {
    return StepOptions.of(learningRate * schedule.factor(step, steps), normaliser)
        .withMaxGradientNorm(maxGradientNorm)
        .withMicroBatchGroups(microBatchSize);
  }
}
