package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.solvers.game.BradleyTerry;
import io.sgpo.solvers.game.Feedback;
import io.sgpo.solvers.game.GameSolution;
import io.sgpo.solvers.game.GdaOptions;
import io.sgpo.solvers.game.Geometry;
import io.sgpo.solvers.game.KlStrengths;
import io.sgpo.solvers.game.Nash;
import io.sgpo.solvers.game.NashMirrorDescent;
import io.sgpo.solvers.game.NashOptions;
import io.sgpo.solvers.game.PreferenceGame;
import io.sgpo.solvers.game.Rlhf;
import io.sgpo.solvers.game.SolveStatus;
import io.sgpo.solvers.game.StackelbergEquilibrium;
import io.sgpo.solvers.game.StackelbergGda;
import io.sgpo.solvers.game.StackelbergSolution;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A preference game, solved by any of the solvers. */
@Command(
    name = "game",
    description = {
      "Solves a preference game on finitely many actions.",
      "",
      "Prints an object per game: leader, follower (a row per leader action), value, certificate,"
          + " iterations, status, gradientEvaluations and preferenceQueries; id and items where the"
          + " file has them.",
      "",
      "Solvers: exact (the Stackelberg equilibrium in closed form), gda (StackelbergGDA as"
          + " published), mirror (its entropic variant), extragradient (that one with look-ahead),"
          + " nash (a linear program; with --leader-kl the regularised Nash policy by extragradient"
          + " steps), nash-md, rlhf (a Bradley-Terry fit; --leader-kl is in logits there).",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class GameCommand extends SgpoCommand {

  /** The solvers by their names. */
  enum Solver {
    EXACT(false, false),
    GDA(true, true),
    MIRROR(true, true),
    EXTRAGRADIENT(true, true),
    NASH(true, false),
    NASH_MD(true, false),
    RLHF(true, false);

    private final boolean iterates;
    private final boolean twoTimeScales;

    Solver(boolean iterates, boolean twoTimeScales) {
      this.iterates = iterates;
      this.twoTimeScales = twoTimeScales;
    }
  }

  @Option(
      names = "--matrix",
      paramLabel = "FILE",
      required = true,
      description =
          "p[i][j], how probably i is preferred to j: CSV, or JSON objects with p and optionally"
              + " leaderReference and followerReference; - for standard input")
  private String matrix;

  @Option(
      names = "--leader-kl",
      paramLabel = "T",
      description = "penalty of the leader, >= 0, in units of preference; 0 unless given")
  private double leaderKl;

  @Option(
      names = "--follower-kl",
      paramLabel = "T",
      description = "penalty of the follower, >= 0; 0 unless given; Nash players share --leader-kl")
  private @Nullable Double followerKl;

  @Option(
      names = "--solver",
      paramLabel = "NAME",
      defaultValue = "exact",
      converter = Names.GameSolver.class,
      description = "exact, gda, mirror, extragradient, nash, nash-md or rlhf; exact unless given")
  private Solver solver;

  @Option(
      names = "--ratio",
      paramLabel = "K",
      description = "follower's rate over leader's, > 0; 5 unless given")
  private @Nullable Double ratio;

  @Option(names = "--iterations", paramLabel = "N", description = "at most N iterations")
  private @Nullable Integer iterations;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "stop when the certificate is at most X, >= 0")
  private @Nullable Double tolerance;

  @Override
  protected void run() throws IOException {
    new KlStrengths(leaderKl, followerKl == null ? 0 : followerKl);
    List<GameFile.Entry> games = GameFile.read(matrix, terminal().in());
    tellWhatIsNotRead();
    tellWhatWasRounded(games);
    for (int row = 0; row < games.size(); row++) {
      int number = row;
      GameFile.Entry entry = games.get(row);
      GameSolution solution = solve(entry.game());
      out().object(json -> write(json, games.size() > 1 ? number : -1, entry, solution));
    }
  }

  private void tellWhatWasRounded(List<GameFile.Entry> games) {
    long rounded = games.stream().filter(GameFile.Entry::rounded).count();
    if (rounded > 0) {
      double worst = games.stream().mapToDouble(GameFile.Entry::rounding).max().orElseThrow();
      warn(
          String.format(
              Locale.ROOT,
              "p[i][j] + p[j][i] misses 1 by up to %.1e in %d of %d matrices; such pairs were"
                  + " averaged",
              worst,
              rounded,
              games.size()));
    }
  }

  private void tellWhatIsNotRead() {
    boolean iterates = solver.iterates && !(solver == Solver.NASH && leaderKl == 0);
    notRead("--ratio", ratio != null && !solver.twoTimeScales);
    notRead("--iterations", iterations != null && !iterates);
    notRead("--tolerance", tolerance != null && !iterates);
    notRead("--follower-kl", followerKl != null && solver == Solver.RLHF);
  }

  private void notRead(String option, boolean given) {
    if (given) {
      warn(option + " is not read by --solver " + Names.of(solver));
    }
  }

  private GameSolution solve(PreferenceGame game) {
    KlStrengths strengths = new KlStrengths(leaderKl, followerKl == null ? 0 : followerKl);
    return switch (solver) {
      case EXACT -> StackelbergEquilibrium.solve(game, strengths);
      case GDA -> gda(GdaOptions.builder()).solve(game, strengths);
      case MIRROR -> gda(mirror()).solve(game, strengths);
      case EXTRAGRADIENT ->
          gda(mirror().schedule(GdaOptions.Schedule.EXTRAGRADIENT)).solve(game, strengths);
      case NASH -> nash(game);
      case NASH_MD -> descent(game, nashMd());
      case RLHF -> new Rlhf(fit()).solve(game, leaderKl, Feedback.full());
    };
  }

  private static GdaOptions.Builder mirror() {
    return GdaOptions.builder().geometry(Geometry.ENTROPIC).rowWeight(GdaOptions.RowWeight.EQUAL);
  }

  private StackelbergGda gda(GdaOptions.Builder options) {
    GdaOptions plain = options.build();
    return new StackelbergGda(
        options
            .timescaleRatio(ratio == null ? plain.timescaleRatio() : ratio)
            .iterations(iterations == null ? plain.iterations() : iterations)
            .tolerance(tolerance == null ? plain.tolerance() : tolerance)
            .build());
  }

  private GameSolution nash(PreferenceGame game) {
    if (leaderKl == 0) {
      requireSharedPenalty();
      return Nash.solve(game);
    }
    NashOptions.Builder options = NashOptions.builder();
    double rate = Math.min(options.build().rate(), 1 / (2 * leaderKl + 2));
    return descent(game, options.rate(rate));
  }

  /** The rates of its paper, η_t = 2/(τ(t + 2)). */
  private NashOptions.Builder nashMd() {
    NashOptions.Builder options = NashOptions.builder().method(NashOptions.Method.NASH_MD);
    return leaderKl == 0 ? options : options.rate(1 / leaderKl).rateDecay(0.5);
  }

  private GameSolution descent(PreferenceGame game, NashOptions.Builder options) {
    requireSharedPenalty();
    NashOptions plain = options.build();
    options
        .iterations(iterations == null ? plain.iterations() : iterations)
        .tolerance(tolerance == null ? plain.tolerance() : tolerance);
    return new NashMirrorDescent(options.build()).solve(game, leaderKl);
  }

  private void requireSharedPenalty() {
    if (followerKl != null && followerKl != leaderKl) {
      throw new UsageException(
          "--follower-kl must equal --leader-kl for --solver "
              + Names.of(solver)
              + ", whose players share one penalty, but was "
              + followerKl
              + " beside "
              + leaderKl);
    }
  }

  private BradleyTerry fit() {
    BradleyTerry plain = new BradleyTerry();
    return new BradleyTerry(
        plain.ridge(),
        iterations == null ? plain.iterations() : iterations,
        tolerance == null ? plain.tolerance() : tolerance);
  }

  private static void write(
      JsonGenerator json, int row, GameFile.Entry entry, GameSolution solution) throws IOException {
    writeNames(json, row, entry);
    JsonOutput.doubles(json, "leader", solution.leader().toArray());
    json.writeArrayFieldStart("follower");
    for (int y = 0; y < solution.leader().size(); y++) {
      double[] answers = solution.follower().row(y).toArray();
      json.writeArray(answers, 0, answers.length);
    }
    json.writeEndArray();
    json.writeNumberField("value", solution.value());
    json.writeNumberField("certificate", solution.certificate());
    json.writeNumberField("iterations", solution.iterations());
    json.writeStringField("status", Names.of(solution.status()));
    json.writeNumberField("gradientEvaluations", solution.gradientEvaluations());
    json.writeNumberField("preferenceQueries", solution.preferenceQueries());
    if (solution instanceof StackelbergSolution best && best.status() == SolveStatus.EXACT) {
      json.writeObjectFieldStart("ties");
      json.writeNumberField("leaderActions", best.ties().leaderActions());
      json.writeNumberField("followerRows", best.ties().followerRows());
      json.writeEndObject();
    }
  }

  private static void writeNames(JsonGenerator json, int row, GameFile.Entry entry)
      throws IOException {
    if (row >= 0) {
      json.writeNumberField("row", row);
    }
    if (entry.id() != null) {
      json.writeStringField("id", entry.id());
    }
    if (entry.items() != null) {
      json.writeArrayFieldStart("items");
      for (String item : entry.items()) {
        json.writeString(item);
      }
      json.writeEndArray();
    }
  }
}
