package io.sgpo.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.run.AnnotatedPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The pairs that a run annotated, in JSON Lines: rows as {@link Preferences} has them, so that
 * other trainers can read them, with {@code round} and {@code margin}.
 */
public final class Annotations {

  private static final String ROUND = "round";
  private static final String MARGIN = "margin";

  private Annotations() {}

  /**
   * All annotated pairs of a file, in its order.
   *
   * @throws DataException for the first row that cannot be used, and for a file without rows
   */
  public static List<AnnotatedPair> read(Path file) throws IOException {
    return JsonLines.read(file, ReadOptions.DEFAULT, Annotations::of, Annotations::toJson).values();
  }

  /**
   * Writes annotated pairs such that {@link #read} gives them back. The file is complete or not
   * there, gzip if its name ends in {@code .gz}; one that is there is replaced.
   */
  public static void write(Path file, List<AnnotatedPair> pairs) throws IOException {
    JsonLines.write(file, pairs, Annotations::toJson);
  }

  /** An annotated pair as one line of such a file, without the line's end. */
  public static String toLine(AnnotatedPair annotated) {
    return JsonLines.line(toJson(annotated));
  }

  private static ObjectNode toJson(AnnotatedPair annotated) {
    return Preferences.toJson(annotated.pair())
        .put(ROUND, annotated.round())
        .put(MARGIN, annotated.margin());
  }

  private static AnnotatedPair of(Fields fields) throws DataException {
    return new AnnotatedPair(
        fields.integer(ROUND), Preferences.of(fields, Prompts.PROMPT), fields.number(MARGIN));
  }
}
