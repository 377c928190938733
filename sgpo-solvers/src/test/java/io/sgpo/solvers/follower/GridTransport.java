package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.loss.LineLoss;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * The follower's problem as a transport program on given points, by ojAlgo: π_ik {@code >= 0} mass
 * of gap i on point k. Exact if the loss is convex between the points and every gap is one; else
 * below the optimum by at most L times the points' spacing, since mass that is pulled back to the
 * next point towards its gap costs less.
 */
final class GridTransport {
  private GridTransport() {}

  static double value(double[] gaps, double[] points, double radius, LineLoss loss) {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Expression budget = model.newExpression("budget").upper(radius);
    for (int i = 0; i < gaps.length; i++) {
      Expression whole = model.newExpression("whole " + i).level(1);
      for (int k = 0; k < points.length; k++) {
        Variable mass =
            model
                .newVariable("mass " + i + " " + k)
                .lower(0)
                .weight(loss.value(points[k]) / gaps.length);
        whole.set(mass, 1);
        budget.set(mass, Math.abs(points[k] - gaps[i]) / gaps.length);
      }
    }
    Optimisation.Result result = model.maximise();
    assertTrue(result.getState().isOptimal(), () -> "oracle: " + result.getState());
    return result.getValue();
  }

  /** Evenly spaced points, both ends included. */
  static double[] points(double lower, double upper, int cells) {
    double[] points = new double[cells + 1];
    for (int k = 0; k <= cells; k++) {
      points[k] = lower + (upper - lower) * k / cells;
    }
    return points;
  }
}
