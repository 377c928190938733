package io.sgpo.policy;

/**
 * Options of one training step.
 *
 * @param learningRate η {@code >= 0}
 * @param normaliser what the summed gradient of the whole batch is divided by, {@code > 0}; given
 *     here so that micro-batches add up to the same step
 * @param maxGradientNorm the gradient is scaled down to this global L2 norm, {@code > 0}; infinity
 *     for no clipping
 * @param temperature T {@code > 0} at which the scores are taken
 * @param microBatchGroups how many groups go through the model at once, {@code >= 1}
 * @param followerRate η_F / η_L {@code > 0}: the learning rate of the follower's own weights over
 *     that of the leader's, for a policy that {@linkplain TrainablePolicy#hasFollowerWeights keeps
 *     both}
 */
public record StepOptions(
    double learningRate,
    double normaliser,
    double maxGradientNorm,
    double temperature,
    int microBatchGroups,
    double followerRate) {

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public StepOptions {
    if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "learningRate must be finite and >= 0, but was " + learningRate);
    }
    requirePositive("normaliser", normaliser, false);
    requirePositive("maxGradientNorm", maxGradientNorm, true);
    requirePositive("temperature", temperature, false);
    requirePositive("followerRate", followerRate, false);
    if (microBatchGroups < 1) {
      throw new IllegalArgumentException(
          "microBatchGroups must be >= 1, but was " + microBatchGroups);
    }
  }

  /** No clipping, temperature 1, the whole batch at once. */
  public static StepOptions of(double learningRate, double normaliser) {
    return new StepOptions(
        learningRate, normaliser, Double.POSITIVE_INFINITY, 1, Integer.MAX_VALUE, 1);
  }

  public StepOptions withMaxGradientNorm(double value) {
    return new StepOptions(
        learningRate, normaliser, value, temperature, microBatchGroups, followerRate);
  }

  public StepOptions withTemperature(double value) {
    return new StepOptions(
        learningRate, normaliser, maxGradientNorm, value, microBatchGroups, followerRate);
  }

  public StepOptions withMicroBatchGroups(int value) {
    return new StepOptions(
        learningRate, normaliser, maxGradientNorm, temperature, value, followerRate);
  }

  public StepOptions withFollowerRate(double value) {
    return new StepOptions(
        learningRate, normaliser, maxGradientNorm, temperature, microBatchGroups, value);
  }

  private static void requirePositive(String name, double value, boolean infinityAllowed) {
    if (!(value > 0) || (!infinityAllowed && Double.isInfinite(value))) {
      throw new IllegalArgumentException(
          name + " must be " + (infinityAllowed ? "" : "finite and ") + "> 0, but was " + value);
    }
  }
}
