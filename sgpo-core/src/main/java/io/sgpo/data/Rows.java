package io.sgpo.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a file that are used, and what was dropped.
 *
 * @param rows in the order of the file, at least one
 * @param dropped by which rules rows were dropped
 */
public record Rows<T>(List<Row<T>> rows, Dropped dropped) {

  public Rows {
    rows = List.copyOf(rows);
    Objects.requireNonNull(dropped, "dropped");
  }

  /** What the rows hold. */
  public List<T> values() {
    List<T> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(row.value()));
    return values;
  }
}
