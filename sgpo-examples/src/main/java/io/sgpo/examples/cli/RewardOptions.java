package io.sgpo.examples.cli;

import io.sgpo.judge.RewardTrainingOptions;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.Schedule;
import io.sgpo.train.TrainingOptions;
import picocli.CommandLine.Option;

/** How a reward model is trained: the settings of {@link RewardTrainingOptions}. */
final class RewardOptions {

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "seed of head, split and order; ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "passes over the pairs; ${DEFAULT-VALUE}")
  private int epochs;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "1e-4",
      description = "rate of AdamW; ${DEFAULT-VALUE}")
  private double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      converter = Names.Schedules.class,
      defaultValue = "linear",
      description = "constant, linear, cosine or inverse-sqrt; ${DEFAULT-VALUE}")
  private Schedule.Shape schedule = Schedule.Shape.LINEAR;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      defaultValue = "0",
      description = "steps in which the rate first rises from 0; ${DEFAULT-VALUE}")
  private int warmupSteps;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0",
      description = "decoupled decay; ${DEFAULT-VALUE}")
  private double weightDecay;

  @Option(
      names = "--max-gradient-norm",
      paramLabel = "X",
      defaultValue = "1",
      description = "clip the gradient to this norm; ${DEFAULT-VALUE}")
  private double maxGradientNorm;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "pairs per step; ${DEFAULT-VALUE}")
  private int batchSize;

  @Option(
      names = "--micro-batch-size",
      paramLabel = "N",
      defaultValue = "8",
      description = "pairs that go through the model at once; ${DEFAULT-VALUE}")
  private int microBatchSize;

  @Option(
      names = "--centring",
      paramLabel = "X",
      defaultValue = "0",
      description = "weight of (r(chosen) + r(rejected))^2, which holds rewards around 0")
  private double centring;

  long seed() {
    return seed;
  }

  /**
   * @throws IllegalArgumentException if a value is outside its domain, by the library's name
   */
  RewardTrainingOptions options() {
    TrainingOptions training =
        new TrainingOptions(
            learningRate,
            new Schedule(schedule, warmupSteps),
            AdamW.DEFAULT.withWeightDecay(weightDecay),
            maxGradientNorm,
            batchSize,
            microBatchSize);
    return new RewardTrainingOptions(training, epochs, centring, seed);
  }
}
