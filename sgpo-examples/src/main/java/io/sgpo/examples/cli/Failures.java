package io.sgpo.examples.cli;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.data.DataException;
import io.sgpo.run.JudgeFailedException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns what went wrong into one line on standard error and an exit status.
 *
 * <p>Status 2: {@link UsageException}, picocli's {@link ParameterException}, {@link
 * IllegalArgumentException} (the library's refusal of a value), {@link DataException} and {@link
 * CheckpointException}, and a file that is missing or cannot be read or written. Status 1: anything
 * else; the line then names the exception. A closed pipe on standard output is status 1 without a
 * word.
 */
public final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final Pattern LINE_BREAKS = Pattern.compile("\\s*\\R\\s*");

  private static final Pattern PICOCLI_PREFIX = Pattern.compile("^Error: ");

  private final PrintWriter err;

  /**
   * @param err where the lines go
   */
  public Failures(PrintWriter err) {
    this.err = err;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = PICOCLI_PREFIX.matcher(e.getMessage()).replaceFirst("");
    report(name, configFile(e) + message + " (see " + name + " --help)");
    trace(e, List.of(args).contains("--stacktrace"));
    return ExitCode.USAGE;
  }

  private static String configFile(ParameterException e) {
    if (e.getCommandLine().getDefaultValueProvider() instanceof ConfigFile config) {
      String file = config.source(e.getArgSpec());
      return file == null ? "" : file + ": ";
    }
    return "";
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parseResult) {
    boolean trace = command.getCommand() instanceof SgpoCommand sgpo && sgpo.stacktrace();
    return handle(e, command.getCommandSpec().qualifiedName(), trace);
  }

  /**
   * Reports what a command threw.
   *
   * @param name the command, as it was typed
   * @param trace whether the stack trace is wanted
   * @return the exit status
   */
  public int handle(Throwable e, String name, boolean trace) {
    if (e instanceof OutputFailedException output && output.isBrokenPipe()) {
      return ExitCode.SOFTWARE;
    }
    boolean badInput = isBadInput(e);
    report(name, badInput ? inputMessage(e) : otherMessage(e, trace));
    trace(e, trace);
    return badInput ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  private static boolean isBadInput(Throwable e) {
    return e instanceof UsageException
        || e instanceof IllegalArgumentException
        || e instanceof DataException
        || e instanceof CheckpointException
        || e instanceof FileSystemException
        || e instanceof CharacterCodingException;
  }

  private static String inputMessage(Throwable e) {
    if (e instanceof FileSystemException file) {
      return file.getFile() + ": " + rule(file);
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String rule(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof NotDirectoryException) {
      return "is not a folder";
    }
    String reason = e.getReason();
    if (e instanceof AccessDeniedException || reason == null) {
      return "permission denied";
    }
    return reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
  }

  private static String otherMessage(Throwable e, boolean trace) {
    String hint = trace ? "" : " (--stacktrace shows where)";
    if (e instanceof CancellationException || e instanceof ClosedByInterruptException) {
      return e instanceof CancellationException
          ? String.valueOf(e.getMessage())
          : "was interrupted";
    }
    if (e instanceof JudgeFailedException) {
      return e.getMessage() + "; --resume goes on with the run once it answers";
    }
    if (e instanceof OutputFailedException || e instanceof OutOfMemoryError) {
      return e.getMessage() + hint;
    }
    return e.getClass().getSimpleName() + ": " + e.getMessage() + hint;
  }

  private void report(String name, String message) {
    err.println(name + ": " + LINE_BREAKS.matcher(message.strip()).replaceAll(" "));
    err.flush();
  }

  private void trace(Throwable e, boolean wanted) {
    if (wanted) {
      e.printStackTrace(err);
      err.flush();
    }
  }
}
