package io.sgpo.data;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A row that cannot be used. The message names the file, the row, the rule and the value found. */
public final class DataException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final long row;

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
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The line, from 1; 0 if the whole file is to blame. */
  public long row() {
    return row;
  }
}
