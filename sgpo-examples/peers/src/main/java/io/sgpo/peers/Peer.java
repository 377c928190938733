package io.sgpo.peers;

import com.google.ortools.Loader;
import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPObjective;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPVariable;
import java.util.Locale;
import java.util.Objects;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/** A solver of linear programs, with its default settings and one thread. */
public enum Peer {
  /** ojAlgo's simplex. */
  OJALGO(1e-9) {
    @Override
    LoadedProgram load(LinearProgram program) {
      ExpressionsBasedModel model = new ExpressionsBasedModel();
      double[] objective = program.objective();
      Variable[] variables = new Variable[objective.length];
      for (int j = 0; j < variables.length; j++) {
        variables[j] = model.newVariable("x" + j).lower(0).weight(objective[j]);
      }
      int index = 0;
      for (LinearProgram.Row row : program.rows()) {
        addRow(model.newExpression("r" + index++), row, variables);
      }
      return new OjAlgoProgram(model);
    }
  },
  /** OR-tools' simplex. */
  GLOP(1e-9) {
    @Override
    LoadedProgram load(LinearProgram program) {
      return orTools("GLOP", program);
    }
  },
  /** OR-tools' first-order method, with its default tolerance of 1e-6. */
  PDLP(1e-5) {
    @Override
    LoadedProgram load(LinearProgram program) {
      return orTools("PDLP", program);
    }
  };

  private final double tolerance;

  Peer(double tolerance) {
    this.tolerance = tolerance;
  }

  /** Hands the program over. */
  abstract LoadedProgram load(LinearProgram program);

  /**
   * Refuses a value that is not the optimum.
   *
   * @throws IllegalStateException if they differ by more than this solver's tolerance
   */
  final void requireOptimum(double value, double optimum) {
    if (!(Math.abs(value - optimum) <= tolerance)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s must reach %s within %s, but found %s",
              name(),
              optimum,
              tolerance,
              value));
    }
  }

  private static void addRow(Expression expression, LinearProgram.Row row, Variable[] variables) {
    if (row.lower() == row.upper()) {
      expression.level(row.lower());
    } else if (row.upper() == Double.POSITIVE_INFINITY) {
      expression.lower(row.lower());
    } else {
      expression.upper(row.upper());
    }
    for (int j = 0; j < row.variables().length; j++) {
      expression.set(variables[row.variables()[j]], row.coefficients()[j]);
    }
  }

  private static LoadedProgram orTools(String name, LinearProgram program) {
    Loader.loadNativeLibraries();
    MPSolver solver = Objects.requireNonNull(MPSolver.createSolver(name), name);
    double[] weights = program.objective();
    MPVariable[] variables = new MPVariable[weights.length];
    MPObjective objective = solver.objective();
    for (int j = 0; j < variables.length; j++) {
      variables[j] = solver.makeNumVar(0, Double.POSITIVE_INFINITY, "");
      objective.setCoefficient(variables[j], weights[j]);
    }
    objective.setMaximization();
    for (LinearProgram.Row row : program.rows()) {
      MPConstraint constraint = solver.makeConstraint(row.lower(), row.upper());
      for (int j = 0; j < row.variables().length; j++) {
        constraint.setCoefficient(variables[row.variables()[j]], row.coefficients()[j]);
      }
    }
    return new OrToolsProgram(solver);
  }

  private record OjAlgoProgram(ExpressionsBasedModel model) implements LoadedProgram {
    @Override
    public double solve() {
      Optimisation.Result result = model.maximise();
      if (!result.getState().isOptimal()) {
        throw new IllegalStateException("ojAlgo ended with " + result.getState());
      }
      return result.getValue();
    }

    @Override
    public void close() {
      model.dispose();
    }
  }

  private record OrToolsProgram(MPSolver solver) implements LoadedProgram {
    @Override
    public double solve() {
      MPSolver.ResultStatus status = solver.solve();
      if (status != MPSolver.ResultStatus.OPTIMAL) {
        throw new IllegalStateException("OR-tools ended with " + status);
      }
      return solver.objective().value();
    }

    @Override
    public void close() {
      solver.delete();
    }
  }
}
