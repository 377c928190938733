package io.sgpo.examples.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What all commands share: {@code --help}, {@code --quiet}, {@code --stacktrace} and the standard
 * streams. A subclass carries picocli's {@link Command} with its name and does its work in {@link
 * #run()}; how its exceptions become exit statuses is told at {@link Failures}.
 */
@Command(
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "2:bad usage or bad input, one line on standard error",
      "1:anything else"
    })
public abstract class SgpoCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--quiet",
      description = "no progress bars and no notes, only warnings and errors",
      order = 1000)
  private boolean quiet;

  @Option(names = "--stacktrace", description = "print the stack trace of an error", order = 1001)
  private boolean stacktrace;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help and exit",
      order = 1002)
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  private @Nullable Terminal terminal;

  /** Does the command's work. */
  protected abstract void run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    run();
    return 0;
  }

  /** Hands the command its streams, before it is run. */
  public final void attach(Terminal value) {
    terminal = Objects.requireNonNull(value, "value");
  }

  /** The standard streams. */
  protected final Terminal terminal() {
    return Objects.requireNonNull(terminal, "the command was not attached to a terminal");
  }

  /** Results, on standard output. */
  protected final JsonOutput out() {
    return new JsonOutput(terminal().out());
  }

  /** Progress bars on standard error: shown on a terminal, and not when {@code --quiet}. */
  protected final ProgressBars progressBars() {
    return new ProgressBars(terminal().interactive() && !quiet);
  }

  /** Tells the user something on standard error, unless {@code --quiet}. */
  protected final void note(String message) {
    if (!quiet) {
      terminal().err().println(name() + ": " + message);
      terminal().err().flush();
    }
  }

  /** Warns the user on standard error. */
  protected final void warn(String message) {
    terminal().err().println(name() + ": warning: " + message);
    terminal().err().flush();
  }

  /** Whether {@code --quiet} was given. */
  protected final boolean quiet() {
    return quiet;
  }

  /** The command as it was typed, such as {@code sgpo follower}. */
  protected final String name() {
    return spec().qualifiedName();
  }

  final CommandSpec spec() {
    return Objects.requireNonNull(spec, "picocli sets the spec");
  }

  final boolean stacktrace() {
    return stacktrace;
  }
}
