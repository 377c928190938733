package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.loss.Tangents;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The worst case of an array of gaps, solved exactly. */
@Command(
    name = "follower",
    description = {
      "Solves the follower of SSAPO: the worst preference distribution within a Wasserstein ball"
          + " around the gaps.",
      "",
      "Prints one object: value, dualPrice, status, saturation, and per gap moved, gradient"
          + " (dV/dgap) and weights (relative to DPO).",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class FollowerCommand extends SgpoCommand {

  private static final String EXACT = "exact";
  private static final String LOGISTIC = "logistic";

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      required = true,
      description = "radius of the ball, >= 0, in units of the gap")
  private double epsilon;

  @ArgGroup(multiplicity = "1")
  private Support support;

  @ArgGroup private @Nullable Loss loss;

  @Option(
      names = "--weighting",
      paramLabel = "NAME",
      defaultValue = "envelope",
      converter = Names.Weighting.class,
      description = "envelope, tangent-mixture, atoms or uniform; envelope unless given")
  private LeaderWeighting weighting;

  @Option(names = "--solver", paramLabel = "NAME", defaultValue = EXACT, description = "exact")
  private String solver;

  @Option(names = "--group-size", paramLabel = "G", hidden = true)
  private @Nullable Integer groupSize;

  @Parameters(paramLabel = "FILE", description = "the gaps, one per line; - for standard input")
  private String file;

  /** Where the distributions live. */
  private static final class Support {

    @Option(
        names = "--support",
        paramLabel = "A,B",
        converter = Numbers.Converter.class,
        required = true,
        description = "the support [A, B], which holds all gaps")
    private @Nullable Numbers bounds;

    @Option(
        names = "--tau",
        paramLabel = "T",
        required = true,
        description = "the support [min gap - T, max gap + T]")
    private @Nullable Double tau;

    private Ambiguity of(Ambiguity.Ball ball, double[] gaps) {
      if (tau != null) {
        return ball.supportAround(gaps, tau);
      }
      double[] ends = Objects.requireNonNull(bounds, "one of the two is required").values();
      if (ends.length != 2) {
        throw new UsageException("--support must be two numbers A,B, but was " + bounds);
      }
      return ball.support(ends[0], ends[1]);
    }
  }

  /** What the follower maximises. */
  private static final class Loss {

    @Option(
        names = "--loss",
        paramLabel = "NAME",
        required = true,
        description = "logistic (the default): the loss of DPO, -log sigmoid(gap)")
    private @Nullable String name;

    @Option(
        names = "--tangents",
        paramLabel = "K",
        required = true,
        description = "K tangents of it at knots equally spaced on the support")
    private @Nullable Integer tangents;

    @Option(
        names = "--knots",
        paramLabel = "X1,X2,...",
        converter = Numbers.Converter.class,
        required = true,
        description = "tangents of it at these knots")
    private @Nullable Numbers knots;

    private GapLoss on(Ambiguity set) {
      if (knots != null) {
        return Tangents.at(knots.values());
      }
      if (tangents != null) {
        return Tangents.uniform(tangents, set.lower(), set.upper());
      }
      if (!LOGISTIC.equals(name)) {
        throw new UsageException("--loss must be logistic, but was \"" + name + "\"");
      }
      return GapLoss.logistic();
    }
  }

  @Override
  protected void run() throws IOException {
    if (!solver.equals(EXACT)) {
      throw UsageException.notYet("--solver " + solver, EXACT);
    }
    if (groupSize != null) {
      throw UsageException.notYet("--group-size", "--solver " + EXACT + " without groups");
    }
    Ambiguity.Ball ball = Ambiguity.wasserstein(epsilon);
    double[] gaps = GapFile.read(file, terminal().in());
    Ambiguity set = support.of(ball, gaps);
    requireInside(gaps, set);
    WorstCase worst =
        Followers.exact().solve(gaps, loss == null ? set : set.loss(loss.on(set))).orElseThrow();
    if (worst.status() == WorstCase.Status.SATURATED) {
      warn("the radius saturates: no gradient is left; epsilon must be < mean gap - A to train");
    }
    out().object(json -> write(json, worst));
  }

  private void requireInside(double[] gaps, Ambiguity set) {
    for (int i = 0; i < gaps.length; i++) {
      if (gaps[i] < set.lower() || gaps[i] > set.upper()) {
        throw new UsageException(
            (file.equals("-") ? "standard input" : file)
                + (" line " + (i + 1L) + ": gap must be in the support ")
                + ("[" + set.lower() + ", " + set.upper() + "], but was " + gaps[i]));
      }
    }
  }

  private void write(JsonGenerator json, WorstCase worst) throws IOException {
    json.writeNumberField("value", worst.value());
    json.writeNumberField("dualPrice", worst.dualPrice());
    json.writeStringField("status", Names.of(worst.status()));
    json.writeNumberField("saturation", worst.saturation());
    JsonOutput.doubles(json, "moved", worst.moved());
    JsonOutput.doubles(json, "gradient", worst.gradient());
    JsonOutput.doubles(json, "weights", worst.weights(weighting));
  }
}
