package io.sgpo.examples.cli;

import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refusals of a policy, which name a prompt or an exchange by its index, by file and row. */
final class Rows {

  private static final Pattern ROW = Pattern.compile("(?s)(?:prompt|exchange) (\\d+): (.*)");

  private Rows() {}

  /**
   * Lets a policy work on rows of a file.
   *
   * @param first the index of the first row handed over; every line of the file is a row
   * @throws UsageException naming file and row, if the policy cannot read a row
   */
  static <T> T of(Path file, int first, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      Matcher row = ROW.matcher(String.valueOf(e.getMessage()));
      if (row.matches()) {
        long number = Long.parseLong(row.group(1)) + first + 1;
        throw new UsageException(file + ": row " + number + ": " + row.group(2), e);
      }
      throw e;
    }
  }
}
