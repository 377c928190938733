package io.sgpo.train;

import io.sgpo.policy.AdamW;
import java.util.Arrays;
import java.util.Objects;

/**
 * AdamW (Loshchilov and Hutter 2019) on an array of parameters, with PyTorch's update rule. Not
 * thread-safe.
 */
public final class ArrayAdamW {

  private final double[] firstMoment;
  private final double[] secondMoment;
  private AdamW settings;
  private long step;

  /**
   * An optimizer that has taken no step.
   *
   * @param parameters how many parameters, {@code >= 0}
   */
  public ArrayAdamW(int parameters, AdamW settings) {
    this(settings, 0, new double[parameters], new double[parameters]);
  }

  private ArrayAdamW(AdamW settings, long step, double[] firstMoment, double[] secondMoment) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.step = step;
    this.firstMoment = firstMoment;
    this.secondMoment = secondMoment;
  }

  /**
   * An optimizer that goes on from a captured state.
   *
   * @throws IllegalArgumentException if the step is negative, the moments differ in length, or one
   *     is not finite
   */
  public static ArrayAdamW of(State state) {
    return new ArrayAdamW(
        state.settings(), state.step(), state.firstMoment().clone(), state.secondMoment().clone());
  }

  /** All that a bit-exact continuation needs. */
  public State state() {
    return new State(settings, step, firstMoment.clone(), secondMoment.clone());
  }

  /** Forgets moments and step count. */
  public void reset(AdamW newSettings) {
    settings = Objects.requireNonNull(newSettings, "newSettings");
    step = 0;
    Arrays.fill(firstMoment, 0);
    Arrays.fill(secondMoment, 0);
  }

  /**
   * One descent step, in place.
   *
   * @param parameters θ
   * @param gradient ∂loss/∂θ, finite, of the same length
   * @param learningRate η
   */
  public void update(double[] parameters, double[] gradient, double learningRate) {
    step++;
    double beta1 = settings.beta1();
    double beta2 = settings.beta2();
    double correction1 = 1 - Math.pow(beta1, (double) step);
    double rootCorrection2 = Math.sqrt(1 - Math.pow(beta2, (double) step));
    double decay = 1 - learningRate * settings.weightDecay();
    double size = learningRate / correction1;
    for (int j = 0; j < parameters.length; j++) {
      double g = gradient[j];
      firstMoment[j] = beta1 * firstMoment[j] + (1 - beta1) * g;
      secondMoment[j] = beta2 * secondMoment[j] + (1 - beta2) * g * g;
      // θ ← (1 − ηλ) θ − η m̂ / (√v̂ + ε)
      double denominator = Math.sqrt(secondMoment[j]) / rootCorrection2 + settings.epsilon();
      parameters[j] = decay * parameters[j] - size * firstMoment[j] / denominator;
    }
  }

  /**
   * The state of an optimizer; arrays are not copied.
   *
   * @param settings the settings in force
   * @param step steps taken, {@code >= 0}
   * @param firstMoment m, a value per parameter
   * @param secondMoment v, a value per parameter
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere; a carrier for capture and restore
  public record State(AdamW settings, long step, double[] firstMoment, double[] secondMoment) {

    /**
     * @throws IllegalArgumentException if the step is negative, the moments differ in length, or
     *     one is not finite
     */
    public State {
      Objects.requireNonNull(settings, "settings");
      if (step < 0) {
        throw new IllegalArgumentException("step must be >= 0, but was " + step);
      }
      if (firstMoment.length != secondMoment.length) {
        throw new IllegalArgumentException(
            "the moments must have the same length, but had "
                + firstMoment.length
                + " and "
                + secondMoment.length);
      }
      requireFinite("firstMoment", firstMoment);
      requireFinite("secondMoment", secondMoment);
    }

    private static void requireFinite(String name, double[] values) {
      for (int j = 0; j < values.length; j++) {
        if (!Double.isFinite(values[j])) {
          throw new IllegalArgumentException(
              name + " must be finite, but value " + j + " was " + values[j]);
        }
      }
    }
  }
}
