package io.sgpo.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A row that cannot be used. The message names the file, the row, the rule and the value found. */
public final class DataException extends IOException {

  private static final long serialVersionUID = 1;

  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  private final transient Path file;
  private final long row;
  private final String fault;

  /**
   * @param file the file
   * @param row the line, from 1; 0 if the whole file is to blame
   * @param fault the rule and the value found
   * @param cause what revealed it
   */
  public DataException(Path file, long row, String fault, @Nullable Throwable cause) {
    super(file + ": " + (row > 0 ? "row " + row + ": " : "") + fault, cause);
    this.file = file;
    this.row = row;
    this.fault = fault;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The line, from 1; 0 if the whole file is to blame. */
  public long row() {
    return row;
  }

  /**
   * The rule that was broken, without the value that was found: the same for all rows that break
   * it.
   */
  public String rule() {
    int found = fault.indexOf(", but");
    return INDEX.matcher(found < 0 ? fault : fault.substring(0, found)).replaceAll("[]");
  }
}
