package io.sgpo.tabular;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The immutable shape of a tabular policy: which prompts it knows, which responses each may have,
 * and where their logits lie in the parameter array. Rows are ordered by their prompts' canonical
 * text, so that the map they came from need not have an order.
 */
final class Table {

  /**
   * One prompt's row.
   *
   * @param prompt x
   * @param candidates the responses it may have; candidate k is token id k
   * @param offset where the logit of candidate 0 lies
   */
  record Row(Prompt prompt, List<Response> candidates, int offset, Map<String, Integer> byText) {
    int size() {
      return candidates.size();
    }
  }

  private final List<Row> rows;
  private final Map<Prompt, Row> byPrompt = new HashMap<>();
  private final int parameters;

  private Table(List<Row> rows, int parameters) {
    this.rows = List.copyOf(rows);
    this.parameters = parameters;
    rows.forEach(row -> byPrompt.put(row.prompt(), row));
  }

  /**
   * @throws IllegalArgumentException if there is no prompt, a prompt has no candidate, or two of
   *     its candidates have the same text
   */
  static Table of(Map<? extends Prompt, List<Response>> candidates) {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("prompts must not be empty");
    }
    List<Prompt> prompts = new ArrayList<>(candidates.keySet());
    prompts.sort(Comparator.comparing(TableJson::canonical));
    List<Row> rows = new ArrayList<>();
    int offset = 0;
    for (Prompt prompt : prompts) {
      List<Response> texts = candidates.getOrDefault(prompt, List.of());
      rows.add(row(prompt, texts, offset));
      offset = Math.addExact(offset, texts.size());
    }
    return new Table(rows, offset);
  }

  private static Row row(Prompt prompt, List<Response> given, int offset) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException("candidates must not be empty for the prompt " + prompt);
    }
    List<Response> candidates = new ArrayList<>();
    Map<String, Integer> byText = new LinkedHashMap<>();
    for (Response response : given) {
      int index = candidates.size();
      if (byText.putIfAbsent(response.text(), index) != null) {
        throw new IllegalArgumentException(
            "candidates must differ in their text, but \""
                + response.text()
                + "\" occurs twice for the prompt "
                + prompt);
      }
      candidates.add(new Response(response.text(), Tokens.of(index), Response.Finish.STOP));
    }
    return new Row(prompt, List.copyOf(candidates), offset, Map.copyOf(byText));
  }

  List<Row> rows() {
    return rows;
  }

  /** The length of the parameter array. */
  int parameters() {
    return parameters;
  }

  @Nullable Row find(Prompt prompt) {
    return byPrompt.get(prompt);
  }

  /**
   * The row of a prompt.
   *
   * @param position the prompt's position in the call, for the message
   * @throws IllegalArgumentException if there is none
   */
  Row row(Prompt prompt, int position) {
    Row row = byPrompt.get(prompt);
    if (row == null) {
      throw new IllegalArgumentException(
          "row " + position + ": the prompt must be in the table, but was " + prompt);
    }
    return row;
  }

  /**
   * The candidate that a response is: by its token id if it has tokens, else by its text.
   *
   * @throws IllegalArgumentException if it is none
   */
  int candidate(Row row, Exchange exchange, int position) {
    Response response = exchange.response();
    Tokens tokens = response.tokens();
    Integer index = row.byText().get(response.text());
    if (tokens.size() == 1 && tokens.get(0) < row.size()) {
      index = tokens.get(0);
    } else if (!tokens.isEmpty()) {
      index = null;
    }
    if (index == null) {
      throw new IllegalArgumentException(
          "row "
              + position
              + ": the response must be a candidate of its prompt, but was "
              + response);
    }
    return index;
  }

  /** Whether the other table has the same prompts with the same candidates. */
  boolean sameShape(Table other) {
    return rows.equals(other.rows);
  }
}
