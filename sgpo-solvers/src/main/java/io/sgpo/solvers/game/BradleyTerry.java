package io.sgpo.solvers.game;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ojalgo.matrix.decomposition.Cholesky;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.matrix.store.RawStore;

/**
 * The Bradley–Terry fit: rewards R with p(y ≻ y') = σ(R(y) − R(y')), which minimise
 *
 * <pre>
 * L(R) = −Σ_{y,y'} wins(y, y') log σ(R(y) − R(y')) + (ridge/2) Σ_y R(y)²,
 * </pre>
 *
 * by Newton's method with halving. Rewards have mean zero.
 *
 * @param ridge {@code >= 0}, in votes; default 1e-3, which keeps rewards finite where an action
 *     wins all its votes. With 0 the fit exists only for strongly connected votes, and is otherwise
 *     reported as {@link SolveStatus#UNBOUNDED}
 * @param iterations at most this many Newton steps, {@code >= 1}; default 100
 * @param tolerance on the largest |∂L/∂R| per vote, {@code >= 0}; default 1e-12
 */
public record BradleyTerry(double ridge, int iterations, double tolerance) {
  private static final double SMALLEST_STEP = 0x1p-40;
  private static final double SUFFICIENT = 1e-4;

  /** Checks the domains. */
  public BradleyTerry {
    IterationChecks.nonNegative("ridge", ridge);
    IterationChecks.atLeastOne("iterations", iterations);
    IterationChecks.nonNegative("tolerance", tolerance);
  }

  /** The defaults. */
  public BradleyTerry() {
    this(1e-3, 100, 1e-12);
  }

  /** Fits rewards to votes; O(n³) per Newton step. */
  public BradleyTerryFit fit(PairwiseVotes votes) {
    int n = votes.size();
    double[] rewards = new double[n];
    if (ridge == 0 && !votes.isStronglyConnected()) {
      return result(votes, rewards, SolveStatus.UNBOUNDED, 0);
    }
    for (int iteration = 0; ; iteration++) {
      double[] gradient = gradient(votes, rewards);
      if (certificate(votes, gradient) <= tolerance) {
        return result(votes, rewards, SolveStatus.CONVERGED, iteration);
      }
      if (iteration == iterations) {
        return result(votes, rewards, SolveStatus.ITERATION_LIMIT, iteration);
      }
      double[] step = newtonStep(votes, rewards, gradient);
      if (step == null || !descend(votes, rewards, gradient, step)) {
        return result(votes, rewards, SolveStatus.FAILED, iteration);
      }
    }
  }

  private BradleyTerryFit result(
      PairwiseVotes votes, double[] rewards, SolveStatus status, int iterations) {
    return new BradleyTerryFit(
        rewards,
        -(loss(votes, rewards) - ridgeTerm(rewards)),
        status,
        certificate(votes, gradient(votes, rewards)),
        iterations);
  }

  private static double certificate(PairwiseVotes votes, double[] gradient) {
    double largest = 0;
    for (double slope : gradient) {
      largest = Math.max(largest, Math.abs(slope));
    }
    return largest / Math.max(1, votes.total());
  }

  private double ridgeTerm(double[] rewards) {
    double sum = 0;
    for (double reward : rewards) {
      sum += reward * reward;
    }
    return ridge / 2 * sum;
  }

  private double loss(PairwiseVotes votes, double[] rewards) {
    double loss = ridgeTerm(rewards);
    for (int y = 0; y < rewards.length; y++) {
      for (int other = 0; other < rewards.length; other++) {
        double wins = votes.wins(y, other);
        loss += wins == 0 ? 0 : wins * softplus(rewards[other] - rewards[y]);
      }
    }
    return loss;
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** ∂L/∂R(y) = −Σ wins(y, y') σ(R(y') − R(y)) + Σ wins(y', y) σ(R(y) − R(y')) + ridge R(y). */
  private double[] gradient(PairwiseVotes votes, double[] rewards) {
    double[] gradient = new double[rewards.length];
    for (int y = 0; y < rewards.length; y++) {
      gradient[y] += ridge * rewards[y];
      for (int other = 0; other < rewards.length; other++) {
        double pull = votes.wins(y, other) * sigmoid(rewards[other] - rewards[y]);
        gradient[y] -= pull;
        gradient[other] += pull;
      }
    }
    return gradient;
  }

  /**
   * H⁻¹∇L, with the mean of the rewards held at zero by a multiple of 11ᵀ; null if H is singular.
   */
  private double @Nullable [] newtonStep(PairwiseVotes votes, double[] rewards, double[] gradient) {
    double[][] hessian = hessian(votes, rewards);
    double scale = 0;
    for (int y = 0; y < hessian.length; y++) {
      scale += hessian[y][y] / hessian.length;
    }
    for (double[] row : hessian) {
      for (int other = 0; other < row.length; other++) {
        row[other] += scale / hessian.length;
      }
    }
    Cholesky<Double> factors = Cholesky.R064.make(hessian.length, hessian.length);
    if (!factors.decompose(RawStore.wrap(hessian)) || !factors.isSPD()) {
      return null;
    }
    return factors.getSolution(R064Store.FACTORY.column(gradient)).toRawCopy1D();
  }

  /** The graph Laplacian of weights votes(y, y') σ(1 − σ), plus the ridge. */
  private double[][] hessian(PairwiseVotes votes, double[] rewards) {
    int n = rewards.length;
    double[][] hessian = new double[n][n];
    for (int y = 0; y < n; y++) {
      hessian[y][y] += ridge;
      for (int other = 0; other < y; other++) {
        double p = sigmoid(rewards[y] - rewards[other]);
        double q = sigmoid(rewards[other] - rewards[y]);
        double weight = (votes.wins(y, other) + votes.wins(other, y)) * p * q;
        hessian[y][y] += weight;
        hessian[other][other] += weight;
        hessian[y][other] -= weight;
        hessian[other][y] -= weight;
      }
    }
    return hessian;
  }

  /** Halves the step until it lowers the loss enough; false if no step does. */
  private boolean descend(PairwiseVotes votes, double[] rewards, double[] gradient, double[] step) {
    double decrement = 0;
    for (int y = 0; y < step.length; y++) {
      decrement += gradient[y] * step[y];
    }
    double start = loss(votes, rewards);
    double rounding = 1e-14 * (1 + Math.abs(start));
    double[] from = rewards.clone();
    for (double length = 1; length > SMALLEST_STEP; length /= 2) {
      double taken = length;
      Arrays.setAll(rewards, y -> from[y] - taken * step[y]);
      if (loss(votes, rewards) <= start - SUFFICIENT * length * decrement + rounding) {
        return true;
      }
    }
    System.arraycopy(from, 0, rewards, 0, from.length);
    return false;
  }
}
