package io.sgpo.examples;

import io.sgpo.examples.cli.AlignCommand;
import io.sgpo.examples.cli.CompareCommand;
import io.sgpo.examples.cli.ConfigFile;
import io.sgpo.examples.cli.ExportCommand;
import io.sgpo.examples.cli.Failures;
import io.sgpo.examples.cli.FollowerCommand;
import io.sgpo.examples.cli.GameCommand;
import io.sgpo.examples.cli.GenerateCommand;
import io.sgpo.examples.cli.GracefulExit;
import io.sgpo.examples.cli.RefineCommand;
import io.sgpo.examples.cli.ReportCommand;
import io.sgpo.examples.cli.ScoreCommand;
import io.sgpo.examples.cli.SgpoCommand;
import io.sgpo.examples.cli.Terminal;
import io.sgpo.examples.cli.TrainRewardCommand;
import io.sgpo.examples.cli.Versions;
import io.sgpo.examples.figures.FiguresCommand;
import io.sgpo.examples.quickstart.QuickstartCommand;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;

/** The program {@code sgpo}. */
@Command(
    name = "sgpo",
    description = "Aligns language models by Stackelberg preference games.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    versionProvider = Versions.class,
    footer = {
      "",
      "Results are JSON or JSON Lines on standard output; all else goes to standard error.",
      "Exit status: 0 done, 2 bad usage or bad input, 1 anything else.",
      "\"sgpo COMMAND --help\" tells more."
    })
public final class Sgpo {

  /** Set by the launcher when standard error is a terminal. */
  private static final String INTERACTIVE = "sgpo.interactive";

  private static final List<Class<? extends SgpoCommand>> COMMANDS =
      List.of(
          QuickstartCommand.class,
          FollowerCommand.class,
          GameCommand.class,
          ScoreCommand.class,
          GenerateCommand.class,
          AlignCommand.class,
          RefineCommand.class,
          TrainRewardCommand.class,
          CompareCommand.class,
          ExportCommand.class,
          ReportCommand.class,
          FiguresCommand.class);

  private Sgpo() {}

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] args) {
    OutputStream stdout = new FileOutputStream(FileDescriptor.out);
    Terminal terminal =
        new Terminal(
            System.in,
            new BufferedWriter(new OutputStreamWriter(stdout, StandardCharsets.UTF_8)),
            new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true),
            Boolean.getBoolean(INTERACTIVE));
    System.setOut(System.err); // nothing but results may reach standard output
    System.exit(GracefulExit.guard(() -> run(terminal, args)));
  }

  /**
   * Runs one command.
   *
   * @return the exit status
   */
  public static int run(Terminal terminal, String... args) {
    Failures failures = new Failures(terminal.err());
    try {
      return commandLine(terminal, failures, args).execute(args);
    } catch (Error e) {
      return failures.handle(e, "sgpo", List.of(args).contains("--stacktrace"));
    }
  }

  private static CommandLine commandLine(Terminal terminal, Failures failures, String... args) {
    CommandLine root = new CommandLine(new Sgpo(), attaching(terminal));
    COMMANDS.forEach(root::addSubcommand);
    CommandLine align = Objects.requireNonNull(root.getSubcommands().get("align"));
    align.setDefaultValueProvider(ConfigFile.of(args));
    Writer out = terminal.out();
    return root.setOut(new PrintWriter(out, true))
        .setErr(terminal.err())
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures)
        .setExpandAtFiles(false);
  }

  private static IFactory attaching(Terminal terminal) {
    IFactory plain = CommandLine.defaultFactory();
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        K created = plain.create(type);
        if (created instanceof SgpoCommand command) {
          command.attach(terminal);
        }
        return created;
      }
    };
  }
}
