package io.sgpo.examples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** A command whose name is reserved for a later version; it refuses itself with one line. */
@Command(hidden = true)
public final class Unavailable extends SgpoCommand {

  /** The names of these commands. */
  public static final List<String> NAMES = List.of("report");

  @Unmatched private List<String> ignored = new ArrayList<>();

  @Override
  protected void run() {
    List<String> available =
        spec().root().commandLine().getSubcommands().entrySet().stream()
            .filter(entry -> !entry.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .toList();
    throw UsageException.notYet("the command " + spec().name(), String.join(", ", available));
  }
}
