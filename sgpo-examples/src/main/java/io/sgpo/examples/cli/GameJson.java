package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Games as JSON objects, one after the other, with {@code p} and, if they are not uniform, {@code
 * leaderReference} and {@code followerReference} (one distribution, or one per leader action);
 * {@code id} and {@code items}, the actions' names, are kept for the output. Other fields are
 * ignored.
 */
final class GameJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String name;
  private double @Nullable [][] p;
  private double @Nullable [] leaderReference;
  private double @Nullable [][] followerReference;
  private @Nullable String id;
  private @Nullable List<String> items;

  GameJson(String name) {
    this.name = name;
  }

  List<GameFile.Fields> read(BufferedReader text) throws IOException {
    List<GameFile.Fields> games = new ArrayList<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      while (json.nextToken() != null) {
        require(json.currentToken() == JsonToken.START_OBJECT, json, "the value", "an object");
        games.add(object(json));
      }
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      String line = location == null ? "" : " line " + location.getLineNr();
      throw new UsageException(name + line + ": " + e.getOriginalMessage(), e);
    }
    return games.size() == 1 ? List.of(games.get(0).at(name)) : games;
  }

  /** The file and the line of the current token. */
  private String at(JsonParser json) {
    return name + " line " + json.currentTokenLocation().getLineNr();
  }

  private GameFile.Fields object(JsonParser json) throws IOException {
    p = null;
    leaderReference = null;
    followerReference = null;
    id = null;
    items = null;
    String place = at(json);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      field(json, json.currentName());
    }
    if (p == null) {
      throw new UsageException(place + ": must have a field p, the matrix, but has none");
    }
    return new GameFile.Fields(place, p, id, items, leaderReference, followerReference);
  }

  private void field(JsonParser json, String field) throws IOException {
    boolean given = json.nextToken() != JsonToken.VALUE_NULL;
    switch (field) {
      case "p" -> p = rows(json, field);
      case "leaderReference" -> leaderReference = given ? row(json, field) : null;
      case "followerReference" -> followerReference = given ? rows(json, field) : null;
      case "id" -> id = text(json);
      case "items" -> items = names(json);
      default -> json.skipChildren();
    }
  }

  /** A string or a number; null for anything else. */
  private static @Nullable String text(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    boolean plain = token == JsonToken.VALUE_STRING || (token != null && token.isNumeric());
    json.skipChildren();
    return plain ? json.getText() : null;
  }

  /** An array of strings; null for anything else. */
  private static @Nullable List<String> names(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return null;
    }
    List<String> names = new ArrayList<>();
    boolean strings = true;
    while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
      strings &= json.currentToken() == JsonToken.VALUE_STRING;
      names.add(json.getText());
      json.skipChildren();
    }
    return strings ? names : null;
  }

  /** Rows of numbers; a single row may stand without the outer brackets. */
  private double[][] rows(JsonParser json, String field) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, json, field, "an array");
    List<double[]> rows = new ArrayList<>();
    JsonToken first = json.nextToken();
    if (first != null && first.isNumeric()) {
      return new double[][] {numbers(json, field)};
    }
    while (json.currentToken() != JsonToken.END_ARRAY) {
      rows.add(row(json, field + "[" + rows.size() + "]"));
      json.nextToken();
    }
    return rows.toArray(double[][]::new);
  }

  private double[] row(JsonParser json, String field) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, json, field, "an array");
    json.nextToken();
    return numbers(json, field);
  }

  /** The numbers from the current token to the end of the array. */
  private double[] numbers(JsonParser json, String field) throws IOException {
    double[] numbers = new double[16];
    int size = 0;
    for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
      JsonToken token = json.currentToken();
      require(token != null && token.isNumeric(), json, field + "[" + size + "]", "a number");
      numbers = size == numbers.length ? Arrays.copyOf(numbers, 2 * size) : numbers;
      numbers[size++] = json.getDoubleValue();
    }
    return Arrays.copyOf(numbers, size);
  }

  private void require(boolean met, JsonParser json, String field, String what) throws IOException {
    if (!met) {
      boolean missing = json.currentToken() == JsonToken.VALUE_NULL && field.startsWith("p[");
      throw new UsageException(
          at(json)
              + (": " + field + " must be " + what)
              + (", but was " + GameFile.shown(String.valueOf(json.getText())))
              + (missing ? "; a game needs every pair, also those never compared" : ""));
    }
  }
}
