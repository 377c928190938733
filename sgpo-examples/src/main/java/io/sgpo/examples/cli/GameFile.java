package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sgpo.solvers.game.ConditionalPolicy;
import io.sgpo.solvers.game.Distribution;
import io.sgpo.solvers.game.PreferenceGame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A preference game from a file: CSV, a row of the matrix per line, or one JSON object with {@code
 * p} and, if they are not uniform, {@code leaderReference} and {@code followerReference} (one
 * distribution, or one per leader action). Other fields of the object are ignored.
 */
final class GameFile {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final int SHOWN = 40;

  private final String name;
  private double @Nullable [][] p;
  private double @Nullable [] leaderReference;
  private double @Nullable [][] followerReference;

  private GameFile(String name) {
    this.name = name;
  }

  /**
   * Reads a game.
   *
   * @param file its path, or {@code -} for standard input
   * @throws UsageException naming the file and the place, if it holds anything else
   */
  static PreferenceGame read(String file, InputStream stdin) throws IOException {
    if (file.equals("-")) {
      return new GameFile("standard input").read(stdin);
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new UsageException(file + ": is a folder, but must be a file with a matrix");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return new GameFile(file).read(in);
    }
  }

  private PreferenceGame read(InputStream in) throws IOException {
    BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    text.mark(1);
    if (text.read() != '\uFEFF') { // a byte-order mark
      text.reset();
    }
    if (startsObject(text)) {
      readJson(text);
    } else {
      readCsv(text);
    }
    try {
      return game();
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + ": " + e.getMessage(), e);
    }
  }

  /** Skips white space and looks whether a brace follows. */
  private static boolean startsObject(BufferedReader text) throws IOException {
    int next;
    do {
      text.mark(1);
      next = text.read();
    } while (next >= 0 && Character.isWhitespace(next));
    if (next >= 0) {
      text.reset();
    }
    return next == '{';
  }

  private PreferenceGame game() {
    if (p == null) {
      throw new UsageException(name + ": must have a field p, the matrix, but has none");
    }
    PreferenceGame game = PreferenceGame.of(p);
    if (leaderReference != null) {
      game = game.withLeaderReference(Distribution.of(leaderReference));
    }
    if (followerReference != null) {
      game = game.withFollowerReference(policy(followerReference, game.size()));
    }
    return game;
  }

  private static ConditionalPolicy policy(double[][] rows, int size) {
    return rows.length == 1 && size > 1
        ? ConditionalPolicy.constant(Distribution.of(rows[0]))
        : ConditionalPolicy.of(rows);
  }

  private void readCsv(BufferedReader text) throws IOException {
    List<double[]> rows = new ArrayList<>();
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      if (!line.isBlank()) {
        rows.add(csvRow(line, rows.size()));
      }
    }
    p = rows.toArray(double[][]::new);
  }

  private double[] csvRow(String line, int row) {
    String[] cells = line.split(",", -1);
    double[] numbers = new double[cells.length];
    for (int i = 0; i < cells.length; i++) {
      String cell = cells[i].strip();
      try {
        numbers[i] = Double.parseDouble(cell);
      } catch (NumberFormatException e) {
        throw new UsageException(
            name + ": p[" + row + "][" + i + "] must be a number, but was \"" + shown(cell) + '"',
            e);
      }
    }
    return numbers;
  }

  private static String shown(String text) {
    return (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...")
        .replaceAll("\\p{Cntrl}", "?");
  }

  private void readJson(BufferedReader text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        field(json, json.currentName());
      }
      if (json.nextToken() != null) {
        throw new UsageException(name + ": must hold one object, but holds more");
      }
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      String line = place == null ? "" : " line " + place.getLineNr();
      throw new UsageException(name + line + ": " + e.getOriginalMessage(), e);
    }
  }

  private void field(JsonParser json, String field) throws IOException {
    json.nextToken();
    switch (field) {
      case "p" -> p = rows(json, field);
      case "leaderReference" -> leaderReference = row(json, field);
      case "followerReference" -> followerReference = rows(json, field);
      default -> json.skipChildren();
    }
  }

  /** Rows of numbers; a single row may stand without the outer brackets. */
  private double[][] rows(JsonParser json, String place) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, json, place, "an array");
    List<double[]> rows = new ArrayList<>();
    JsonToken first = json.nextToken();
    if (first != null && first.isNumeric()) {
      return new double[][] {numbers(json, place)};
    }
    while (json.currentToken() != JsonToken.END_ARRAY) {
      rows.add(row(json, place + "[" + rows.size() + "]"));
      json.nextToken();
    }
    return rows.toArray(double[][]::new);
  }

  private double[] row(JsonParser json, String place) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, json, place, "an array");
    json.nextToken();
    return numbers(json, place);
  }

  /** The numbers from the current token to the end of the array. */
  private double[] numbers(JsonParser json, String place) throws IOException {
    double[] numbers = new double[16];
    int size = 0;
    for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
      JsonToken token = json.currentToken();
      require(token != null && token.isNumeric(), json, place + "[" + size + "]", "a number");
      numbers = size == numbers.length ? Arrays.copyOf(numbers, 2 * size) : numbers;
      numbers[size++] = json.getDoubleValue();
    }
    return Arrays.copyOf(numbers, size);
  }

  private void require(boolean met, JsonParser json, String place, String what) throws IOException {
    if (!met) {
      throw new UsageException(
          name + ": " + place + " must be " + what + ", but was " + shown(json.getText()));
    }
  }
}
