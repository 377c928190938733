package io.sgpo.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a file, one after the other. Memory holds one line, not the file; beside it the ids seen
 * so far where rows have one, and 32 bytes a row where duplicates are dropped. Not thread-safe.
 *
 * <pre>{@code
 * try (RowReader<PreferencePair> rows = Preferences.open(file, ReadOptions.DEFAULT)) {
 *   rows.stream().map(Row::value).forEach(this::use);
 * }
 * }</pre>
 *
 * @param <T> what a row holds
 */
public final class RowReader<T> implements AutoCloseable {

  private final Path file;
  private final JsonLines.Parser<T> parser;
  private final Function<T, ObjectNode> content;
  private final ReadOptions options;
  private final LineReader lines;
  private final Map<String, Long> rowOfId = new HashMap<>();
  private final Map<ContentHash, Long> rowOfContent = new HashMap<>();
  private final Map<String, Long> rules = new LinkedHashMap<>();
  private final List<DataException> first = new ArrayList<>();
  private boolean used;

  /**
   * @param content what of a value tells it from others
   */
  RowReader(
      Path file, ReadOptions options, JsonLines.Parser<T> parser, Function<T, ObjectNode> content)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DataException(file, 0, "must be a file, but is missing or no regular file", null);
    }
    this.file = file;
    this.options = Objects.requireNonNull(options, "options");
    this.parser = parser;
    this.content = content;
    this.lines = new LineReader(file);
  }

  /**
   * The next row, or null at the end of the file.
   *
   * @throws DataException for a row that cannot be used unless such rows are dropped, for a file
   *     that cannot be read on, and at the end of one without a row that is used
   */
  public @Nullable Row<T> next() throws IOException {
    while (lines.advance()) {
      try {
        Row<T> row = parse();
        if (isNew(row)) {
          used = true;
          return row;
        }
      } catch (DataException e) {
        if (!options.dropBadRows()) {
          throw e;
        }
        drop(e);
      }
    }
    if (!used) {
      throw new DataException(file, 0, "must hold at least one row, but " + nothing(), null);
    }
    return null;
  }

  private String nothing() {
    return rules.isEmpty() ? "is empty" : "all were dropped: " + dropped();
  }

  private Row<T> parse() throws DataException {
    long number = lines.number();
    Fields fields = new Fields(file, number, JsonLines.object(file, number, lines.text()));
    String id = fields.id();
    Long earlier = id == null ? null : rowOfId.get(id);
    if (earlier != null) {
      throw fields.fault("id must be unique, but \"" + id + "\" is also the id of row " + earlier);
    }
    T value = JsonLines.parse(fields, parser);
    if (id != null) {
      rowOfId.put(id, number);
    }
    return new Row<>(number, id, value);
  }

  private boolean isNew(Row<T> row) {
    if (!options.dropDuplicates()) {
      return true;
    }
    ContentHash hash = ContentHash.of(JsonLines.line(content.apply(row.value())));
    Long earlier = rowOfContent.putIfAbsent(hash, row.number());
    if (earlier == null) {
      return true;
    }
    drop(new DataException(file, row.number(), "must be new, but is row " + earlier, null));
    return false;
  }

  private void drop(DataException fault) {
    rules.merge(fault.rule(), 1L, Long::sum);
    if (first.size() < Dropped.EXAMPLES) {
      first.add(fault);
    }
  }

  /** What was dropped so far. */
  public Dropped dropped() {
    return new Dropped(rules, first);
  }

  /** The rows to come; an {@link UncheckedIOException} wraps what {@link #next} throws. */
  public Stream<Row<T>> stream() {
    return Stream.generate(this::unchecked)
        .takeWhile(Objects::nonNull)
        .map(Objects::requireNonNull);
  }

  private @Nullable Row<T> unchecked() {
    try {
      return next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All rows to come. */
  Rows<T> rest() throws IOException {
    List<Row<T>> rows = new ArrayList<>();
    for (Row<T> row = next(); row != null; row = next()) {
      rows.add(row);
    }
    return new Rows<>(rows, dropped());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
