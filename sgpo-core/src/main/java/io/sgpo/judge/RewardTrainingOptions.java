package io.sgpo.judge;

import io.sgpo.policy.AdamW;
import io.sgpo.policy.Schedule;
import io.sgpo.train.TrainingOptions;
import java.util.Objects;

/**
 * How a reward model is trained.
 *
 * @param training rate, schedule over all epochs, optimizer, clipping, pairs per step and per
 *     micro-batch
 * @param epochs passes over the pairs, {@code >= 1}
 * @param centring weight c {@code >= 0} of the term c (r_w + r_l)², which holds the rewards around
 *     0; 0 for none
 * @param seed the order of the pairs, and the resamples of the interval, are functions of it
 */
public record RewardTrainingOptions(
    TrainingOptions training, int epochs, double centring, long seed) {

  /**
   * Rate 1e-4 falling linearly to 0, no weight decay, gradient norm at most 1, 32 pairs per step, 8
   * at once, 3 epochs, no centring, seed 0. The rate suits small models and adapters; all weights
   * of a large model want a tenth of it.
   */
  public static final RewardTrainingOptions DEFAULT =
      new RewardTrainingOptions(
          new TrainingOptions(1e-4, Schedule.of(Schedule.Shape.LINEAR), AdamW.DEFAULT, 1, 32, 8),
          3,
          0,
          0);

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public RewardTrainingOptions {
    Objects.requireNonNull(training, "training");
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs must be >= 1, but was " + epochs);
    }
    if (!(centring >= 0) || Double.isInfinite(centring)) {
      throw new IllegalArgumentException("centring must be finite and >= 0, but was " + centring);
    }
  }

  public RewardTrainingOptions withTraining(TrainingOptions value) {
    return new RewardTrainingOptions(value, epochs, centring, seed);
  }

  public RewardTrainingOptions withEpochs(int value) {
    return new RewardTrainingOptions(training, value, centring, seed);
  }

  public RewardTrainingOptions withCentring(double value) {
    return new RewardTrainingOptions(training, epochs, value, seed);
  }

  public RewardTrainingOptions withSeed(long value) {
    return new RewardTrainingOptions(training, epochs, centring, value);
  }
}
