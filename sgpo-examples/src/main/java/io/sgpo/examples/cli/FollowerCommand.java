package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.EntropicFollower;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GroupedFollower;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.solvers.loss.ProbabilityTangents;
import io.sgpo.solvers.loss.ScaleLosses;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The worst case of an array of gaps. */
@Command(
    name = "follower",
    description = {
      "Solves the follower of SSAPO: the worst preference distribution within a Wasserstein ball"
          + " around the gaps.",
      "",
      "Prints one object: value, dualPrice, status, saturation, certificate (an upper bound on the"
          + " value's error), gapScale, and per gap moved, gradient (dV/dgap) and weights"
          + " (relative to DPO).",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class FollowerCommand extends SgpoCommand {

  private static final String LOGISTIC = "logistic";

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      required = true,
      description = "radius of the ball, >= 0, in units of --gap-scale")
  private double epsilon;

  @Option(
      names = "--gap-scale",
      paramLabel = "NAME",
      defaultValue = "margin",
      converter = Names.Scale.class,
      description =
          "margin or probability: whether gaps are moved, or sigmoid(gap) with the loss -log p;"
              + " margin unless given")
  private GapScale gapScale;

  @ArgGroup(multiplicity = "1")
  private Support support;

  @ArgGroup private @Nullable Loss loss;

  @Option(
      names = "--tangent-knots",
      paramLabel = "NAME",
      converter = Names.Knots.class,
      description =
          "of --tangents: uniform, quantiles or probability; uniform unless given, probability"
              + " with --gap-scale probability")
  private @Nullable TangentKnots tangentKnots;

  @Option(
      names = "--weighting",
      paramLabel = "NAME",
      defaultValue = "envelope",
      converter = Names.Weighting.class,
      description = "envelope, tangent-mixture, atoms or uniform; envelope unless given")
  private LeaderWeighting weighting;

  @Option(
      names = "--solver",
      paramLabel = "NAME",
      defaultValue = "exact",
      converter = Names.FollowerSolver.class,
      description = "exact, lp, grouped, primal-dual or entropic; exact unless given")
  private Solver solver;

  @Option(
      names = "--group-size",
      paramLabel = "G",
      description =
          "solve random groups of G gaps on their own, >= 1; 100 unless given for grouped, all"
              + " gaps at once for the others")
  private @Nullable Integer groupSize;

  @Option(names = "--seed", paramLabel = "S", description = "of the groups; 0 unless given")
  private @Nullable Long seed;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "of entropic, > 0, in units of the loss; 0.01 unless given")
  private @Nullable Double temperature;

  @Parameters(paramLabel = "FILE", description = "the gaps, one per line; - for standard input")
  private String file;

  /** Ways to solve. */
  enum Solver {
    EXACT,
    LP,
    GROUPED,
    PRIMAL_DUAL,
    ENTROPIC
  }

  /** Where the distributions live. */
  private static final class Support {

    @Option(
        names = "--support",
        paramLabel = "A,B",
        converter = Numbers.Converter.class,
        required = true,
        description = "the support [A, B], which holds all gaps, in units of --gap-scale")
    private @Nullable Numbers bounds;

    @Option(
        names = "--tau",
        paramLabel = "T",
        required = true,
        description = "the support [min gap - T, max gap + T], in units of margin")
    private @Nullable Double tau;

    /** On the scale. */
    private Ambiguity of(Ambiguity.Ball ball, double[] gaps, GapScale scale) {
      if (tau != null) {
        Ambiguity margins = ball.supportAround(gaps, tau);
        return scale == GapScale.MARGIN ? margins : ProbabilityScale.on(margins);
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
        description = "K tangents of it, where --tangent-knots says")
    private @Nullable Integer tangents;

    @Option(
        names = "--knots",
        paramLabel = "X1,X2,...",
        converter = Numbers.Converter.class,
        required = true,
        description = "tangents of it at these knots, in units of --gap-scale")
    private @Nullable Numbers knots;

    /** On the scale. */
    private GapLoss of(GapScale scale, TangentKnots rule, double[] positions, Ambiguity set) {
      if (knots != null) {
        return scale == GapScale.MARGIN
            ? Tangents.at(knots.values())
            : ProbabilityTangents.at(knots.values());
      }
      if (tangents != null) {
        return ScaleLosses.tangents(scale, rule, tangents, positions, set.lower(), set.upper());
      }
      if (!LOGISTIC.equals(name)) {
        throw new UsageException("--loss must be logistic, but was \"" + name + "\"");
      }
      return ScaleLosses.exact(scale);
    }
  }

  @Override
  protected void run() throws IOException {
    tellWhatIsNotRead();
    Follower follower = follower();
    Ambiguity.Ball ball = Ambiguity.wasserstein(epsilon);
    double[] gaps = GapFile.read(file, terminal().in());
    Ambiguity set = support.of(ball, gaps, gapScale);
    boolean margins = gapScale == GapScale.MARGIN;
    double[] positions = margins ? gaps : ProbabilityScale.probabilities(gaps);
    requireInside(positions, set);
    GapLoss solved = loss(positions, set);
    WorstCase worst =
        (margins
                ? follower.solve(gaps, set.loss(solved))
                : new ProbabilityScale(follower)
                    .solve(gaps, epsilon, set.lower(), set.upper(), solved))
            .orElseThrow();
    if (worst.status() == WorstCase.Status.SATURATED) {
      warn(
          "the radius saturates: no gradient is left; epsilon must be < mean %s - A to train"
              .formatted(margins ? "gap" : "probability"));
    }
    out().object(json -> write(json, worst));
  }

  private GapLoss loss(double[] positions, Ambiguity set) {
    TangentKnots rule =
        gapScale == GapScale.MARGIN ? TangentKnots.UNIFORM : TangentKnots.PROBABILITY;
    return loss == null
        ? ScaleLosses.exact(gapScale)
        : loss.of(gapScale, tangentKnots == null ? rule : tangentKnots, positions, set);
  }

  private void tellWhatIsNotRead() {
    if (tangentKnots != null && (loss == null || loss.tangents == null)) {
      warn("--tangent-knots is not read without --tangents");
    }
    if (seed != null && groupSize == null && solver != Solver.GROUPED) {
      warn("--seed is not read without --group-size or --solver grouped");
    }
    if (temperature != null && solver != Solver.ENTROPIC) {
      warn("--temperature is not read by --solver " + Names.of(solver));
    }
  }

  private Follower follower() {
    Follower whole =
        switch (solver) {
          case EXACT, GROUPED -> Followers.exact();
          case LP -> Followers.lp();
          case PRIMAL_DUAL -> Followers.primalDual();
          case ENTROPIC ->
              Followers.entropic(
                  temperature == null ? EntropicFollower.DEFAULT_TEMPERATURE : temperature,
                  EntropicFollower.DEFAULT_POINTS);
        };
    if (groupSize == null && solver != Solver.GROUPED) {
      return whole;
    }
    int size = groupSize == null ? GroupedFollower.DEFAULT_GROUP_SIZE : groupSize;
    return new GroupedFollower(whole, size, seed == null ? 0 : seed);
  }

  private void requireInside(double[] positions, Ambiguity set) {
    String what = gapScale == GapScale.MARGIN ? "gap" : "sigmoid(gap)";
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] < set.lower() || positions[i] > set.upper()) {
        throw new UsageException(
            (file.equals("-") ? "standard input" : file)
                + (" line " + (i + 1L) + ": " + what + " must be in the support ")
                + ("[" + set.lower() + ", " + set.upper() + "], but was " + positions[i]));
      }
    }
  }

  private void write(JsonGenerator json, WorstCase worst) throws IOException {
    json.writeNumberField("value", worst.value());
    json.writeNumberField("dualPrice", worst.dualPrice());
    json.writeStringField("status", Names.of(worst.status()));
    json.writeNumberField("saturation", worst.saturation());
    json.writeNumberField("certificate", worst.certificate());
    json.writeStringField("gapScale", Names.of(gapScale));
    JsonOutput.doubles(json, "moved", worst.moved());
    JsonOutput.doubles(json, "gradient", worst.gradient());
    JsonOutput.doubles(json, "weights", worst.weights(weighting));
  }
}
