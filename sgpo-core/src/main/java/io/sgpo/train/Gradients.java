package io.sgpo.train;

/** Gradients held in an array. */
public final class Gradients {

  /** PyTorch's {@code clip_grad_norm_} adds this to the norm. */
  private static final double CLIPPING_EPSILON = 1e-6;

  private Gradients() {}

  /** The L2 norm, without overflow of the squares. */
  public static double norm(double[] gradient) {
    double largest = 0;
    for (double g : gradient) {
      largest = Math.max(largest, Math.abs(g));
    }
    if (largest == 0 || Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (double g : gradient) {
      sum += (g / largest) * (g / largest);
    }
    return largest * Math.sqrt(sum);
  }

  /**
   * Scales a gradient down to a norm, in place, as PyTorch's {@code clip_grad_norm_} does.
   *
   * @param maxNorm the norm, {@code > 0}; infinity leaves the gradient as it is
   * @return the norm before
   */
  public static double clip(double[] gradient, double maxNorm) {
    double norm = norm(gradient);
    double scale = maxNorm / (norm + CLIPPING_EPSILON);
    if (scale < 1) {
      for (int j = 0; j < gradient.length; j++) {
        gradient[j] *= scale;
      }
    }
    return norm;
  }
}
