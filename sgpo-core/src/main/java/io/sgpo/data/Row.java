package io.sgpo.data;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value and where it stood.
 *
 * @param number the line of the file, from 1
 * @param id the row's {@code id}, or null if it has none
 * @param value what it holds
 */
public record Row<T>(long number, @Nullable String id, T value) {
  public Row {
    Objects.requireNonNull(value, "value");
  }
}
