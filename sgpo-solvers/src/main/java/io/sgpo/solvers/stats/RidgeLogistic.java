package io.sgpo.solvers.stats;

import io.sgpo.solvers.game.SolveStatus;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ojalgo.matrix.decomposition.Cholesky;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.matrix.store.RawStore;

/**
 * Logistic regression of soft labels with a ridge on every coefficient and an optional intercept
 * per group:
 *
 * <pre>
 * L(β, γ) = Σ_i w_i [softplus(η_i) − p_i η_i] + ½ Σ_j λ_j β_j² + ½ λ_γ Σ_g γ_g²,
 * η_i = x_iᵀβ + γ_g(i).
 * </pre>
 *
 * <p>L is strongly convex, with λ along each coordinate, so its minimum exists, is unique, and lies
 * at most Σ_j (∂L/∂j)² / (2 λ_j) below L: that bound is the certificate. Newton's method with
 * halving; the group intercepts are eliminated, O(n k² + G k²) per step.
 */
final class RidgeLogistic {
  private static final double SMALLEST_STEP = 0x1p-40;
  private static final double SUFFICIENT = 1e-4;

  private final double[][] features;
  private final double[] labels;
  private final int[] groups;
  private final double[] ridge;
  private final int columns;

  /**
   * @param features x_i, n rows of k entries
   * @param labels p_i in [0, 1]
   * @param groups g(i) in [0, G), or empty for none
   * @param ridge λ_j {@code >} 0: k of the coefficients, then G of the groups
   */
  RidgeLogistic(double[][] features, double[] labels, int[] groups, double[] ridge) {
    this.features = features;
    this.labels = labels;
    this.groups = groups;
    this.ridge = ridge;
    this.columns = features[0].length;
  }

  /**
   * A fit.
   *
   * @param coefficients β, then γ
   * @param certificate an upper bound on L − min L, per observation
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private and never compared
  record Fit(double[] coefficients, SolveStatus status, double certificate, int iterations) {}

  /** How long Newton's method runs. */
  record Limits(int iterations, double tolerance) {}

  /** Fits observations of these weights, from a start that is left alone. */
  Fit fit(double[] weights, double[] start, Limits limits) {
    Point at = new Point(weights, start);
    int iteration = 0;
    while (at.certificate() > limits.tolerance()) {
      if (iteration == limits.iterations()) {
        return at.toFit(SolveStatus.ITERATION_LIMIT, iteration);
      }
      Point next = descend(weights, at);
      if (next == null) {
        return at.toFit(SolveStatus.FAILED, iteration);
      }
      at = next;
      iteration++;
    }
    return at.toFit(SolveStatus.CONVERGED, iteration);
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Halves Newton's step until it lowers the loss enough; null if no step does. */
  private @Nullable Point descend(double[] weights, Point from) {
    double[] step = newtonStep(from);
    if (step == null) {
      return null;
    }
    double decrement = 0;
    for (int j = 0; j < step.length; j++) {
      decrement += from.gradient[j] * step[j];
    }
    double rounding = 1e-14 * (1 + Math.abs(from.loss));
    for (double length = 1; length > SMALLEST_STEP; length /= 2) {
      double[] to = from.coefficients.clone();
      for (int j = 0; j < to.length; j++) {
        to[j] -= length * step[j];
      }
      Point next = new Point(weights, to);
      if (next.loss <= from.loss - SUFFICIENT * length * decrement + rounding) {
        return next;
      }
    }
    return null;
  }

  /**
   * H⁻¹∇L. With H_γγ diagonal, the coefficients' part solves the Schur complement (H_ββ − H_βγ
   * H_γγ⁻¹ H_γβ) d_β = ∇_β − H_βγ H_γγ⁻¹ ∇_γ; null if rounding made it singular.
   */
  private double @Nullable [] newtonStep(Point at) {
    int k = columns;
    double[][] schur = at.block;
    double[] right = Arrays.copyOf(at.gradient, k);
    for (int g = 0; g < at.diagonal.length; g++) {
      double[] cross = at.cross[g];
      for (int j = 0; j < k; j++) {
        double scaled = cross[j] / at.diagonal[g];
        right[j] -= scaled * at.gradient[k + g];
        for (int l = 0; l < k; l++) {
          schur[j][l] -= scaled * cross[l];
        }
      }
    }
    Cholesky<Double> factors = Cholesky.R064.make(k, k);
    if (!factors.decompose(RawStore.wrap(schur)) || !factors.isSPD()) {
      return null;
    }
    double[] head = factors.getSolution(R064Store.FACTORY.column(right)).toRawCopy1D();
    double[] step = Arrays.copyOf(head, at.gradient.length);
    for (int g = 0; g < at.diagonal.length; g++) {
      double known = 0;
      for (int j = 0; j < k; j++) {
        known += at.cross[g][j] * head[j];
      }
      step[k + g] = (at.gradient[k + g] - known) / at.diagonal[g];
    }
    return step;
  }

  /** The loss at some coefficients, with its first and second derivatives, from one pass. */
  private final class Point {
    private final double[] coefficients;
    private final double[] gradient;
    private final double[][] block = new double[columns][columns];
    private final double[][] cross;
    private final double[] diagonal;
    private double loss;

    Point(double[] weights, double[] at) {
      this.coefficients = at;
      this.gradient = new double[at.length];
      this.cross = new double[at.length - columns][columns];
      this.diagonal = Arrays.copyOfRange(ridge, columns, at.length);
      for (int j = 0; j < at.length; j++) {
        gradient[j] = ridge[j] * at[j];
        loss += ridge[j] / 2 * at[j] * at[j];
      }
      for (int j = 0; j < columns; j++) {
        block[j][j] = ridge[j];
      }
      for (int i = 0; i < labels.length; i++) {
        if (weights[i] > 0) {
          add(i, weights[i]);
        }
      }
    }

    /** With e = exp(−|η|): softplus(η) = max(η, 0) + log(1 + e) and σ(1 − σ) = e/(1 + e)². */
    private void add(int i, double weight) {
      double eta = predictor(i);
      double e = Math.exp(-Math.abs(eta));
      double sigma = (eta >= 0 ? 1 : e) / (1 + e);
      loss += weight * (Math.max(eta, 0) + Math.log1p(e) - labels[i] * eta);
      double residual = weight * (sigma - labels[i]);
      double curvature = weight * e / ((1 + e) * (1 + e));
      double[] x = features[i];
      for (int j = 0; j < columns; j++) {
        gradient[j] += residual * x[j];
        for (int l = 0; l < columns && x[j] != 0; l++) {
          block[j][l] += curvature * x[j] * x[l];
        }
      }
      if (groups.length > 0) {
        int group = groups[i];
        gradient[columns + group] += residual;
        diagonal[group] += curvature;
        for (int j = 0; j < columns; j++) {
          cross[group][j] += curvature * x[j];
        }
      }
    }

    private double predictor(int i) {
      double sum = groups.length == 0 ? 0 : coefficients[columns + groups[i]];
      for (int j = 0; j < columns; j++) {
        sum += features[i][j] * coefficients[j];
      }
      return sum;
    }

    /** Σ_j (∂L/∂j)² / (2 λ_j), per observation. */
    private double certificate() {
      double bound = 0;
      for (int j = 0; j < gradient.length; j++) {
        bound += gradient[j] * gradient[j] / (2 * ridge[j]);
      }
      return bound / labels.length;
    }

    private Fit toFit(SolveStatus status, int iterations) {
      return new Fit(coefficients.clone(), status, certificate(), iterations);
    }
  }
}
