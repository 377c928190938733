package io.sgpo.solvers.follower;

import io.sgpo.follower.WorstCase.Status;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** The losses that are reweighted, and what one pass tells of them. */
final class Losses {
  private final double[] losses;
  final double min;
  final double max;
  final double mean;

  /** How many losses equal the maximum. */
  final int largest;

  /** Keeps the array and does not modify it. */
  Losses(double[] losses) {
    if (losses.length == 0) {
      throw new IllegalArgumentException("losses must not be empty");
    }
    for (int i = 0; i < losses.length; i++) {
      if (!Double.isFinite(losses[i])) {
        throw new IllegalArgumentException(
            "losses must be finite, but loss " + i + " was " + losses[i]);
      }
    }
    this.losses = losses;
    min = Arrays.stream(losses).min().getAsDouble();
    max = Arrays.stream(losses).max().getAsDouble();
    largest = (int) Arrays.stream(losses).filter(loss -> loss == max).count();
    mean = average(loss -> loss);
  }

  /** All weights 1. */
  Reweighted nominal(double multiplier) {
    double[] ones = new double[losses.length];
    Arrays.fill(ones, 1);
    return new Reweighted(Status.NOMINAL, mean, multiplier, 0, ones);
  }

  /** All weight on the largest losses. */
  Reweighted saturated(double multiplier) {
    double[] weights = new double[losses.length];
    double each = (double) losses.length / largest;
    Arrays.setAll(weights, i -> losses[i] == max ? each : 0);
    return new Reweighted(Status.SATURATED, max, multiplier, 0, weights);
  }

  /** w ∝ exp(θ ℓ), of mean 1. */
  double[] tilted(double theta) {
    double pivot = theta < 0 ? min : max; // no exponent is positive
    double normaliser = average(loss -> Math.exp(theta * (loss - pivot)));
    return weights(loss -> Math.exp(theta * (loss - pivot)) / normaliser);
  }

  /** (1/θ) log( (1/N) Σ exp(θ ℓ) ). */
  double softMean(double theta) {
    double pivot = theta < 0 ? min : max;
    return pivot + Math.log1p(average(loss -> Math.expm1(theta * (loss - pivot)))) / theta;
  }

  /** w ∝ max(0, ℓ − η), of mean 1. */
  double[] above(double threshold) {
    double normaliser = average(loss -> Math.max(0, loss - threshold));
    return weights(loss -> Math.max(0, loss - threshold) / normaliser);
  }

  /** (1/N) Σ max(0, ℓ − η)². */
  double squaresAbove(double threshold) {
    return average(
        loss -> {
          double excess = Math.max(0, loss - threshold);
          return excess * excess;
        });
  }

  /** The standard deviation, over N. */
  double deviation() {
    return Math.sqrt(average(loss -> (loss - mean) * (loss - mean)));
  }

  /** (1/N) Σ w_i ℓ_i. */
  double mean(double[] weights) {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < losses.length; i++) {
      sum.add(weights[i] * losses[i]);
    }
    return sum.value() / losses.length;
  }

  private double[] weights(DoubleUnaryOperator of) {
    return Arrays.stream(losses).map(of).toArray();
  }

  private double average(DoubleUnaryOperator of) {
    CompensatedSum sum = new CompensatedSum();
    for (double loss : losses) {
      sum.add(of.applyAsDouble(loss));
    }
    return sum.value() / losses.length;
  }
}
