package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The section on samples: pairs that were annotated, or answers of the players, side by side. */
final class SampleSection {

  private static final String ID = "samples";
  private static final String TITLE = "Samples";

  /** How much of a text is shown. */
  private static final int MOST = 1500;

  /** Of how many rounds pairs are shown: the first ones and the last. */
  private static final int ROUNDS = 4;

  /** How many prompts of on-policy engines are shown. */
  private static final int PROMPTS = 6;

  private SampleSection() {}

  static Section of(RunFiles run) {
    StringBuilder body = new StringBuilder();
    List<Integer> rounds = new ArrayList<>(run.annotated().keySet());
    if (rounds.size() > ROUNDS) {
      rounds.subList(ROUNDS / 2, rounds.size() - ROUNDS / 2).clear();
    }
    for (int round : rounds) {
      run.annotated().getOrDefault(round, List.of()).forEach(p -> body.append(pair(round, p)));
    }
    List<JsonNode> answers = run.answers();
    int shown = Math.min(PROMPTS, answers.size());
    for (int k = 0; k < shown; k++) {
      body.append(answers(answers.get(shown == 1 ? 0 : k * (answers.size() - 1) / (shown - 1))));
    }
    return body.isEmpty()
        ? Section.missing(ID, TITLE, "The run annotated no pair and recorded no answer to show.")
        : Section.of(ID, TITLE, body.toString());
  }

  private static String pair(int round, JsonNode pair) {
    String margin = Numbers.word(RunFiles.number(pair, "margin"));
    return sample(
        "Round " + round + ", margin " + margin,
        prompt(pair),
        side("Chosen", "", said(pair, "chosen")) + side("Rejected", "", said(pair, "rejected")));
  }

  private static String answers(JsonNode report) {
    StringBuilder sides = new StringBuilder();
    for (JsonNode answer : report.path("answers")) {
      String player = answer.path("player").asText();
      String name = Html.capitalised(player);
      String text = answer.path("text").asText();
      sides.append(
          side(
              name,
              "score " + Numbers.word(RunFiles.number(answer, "score")),
              text.isEmpty() ? ids(answer.path("ids")) : text));
    }
    return sample("Round " + report.path("round").asText(), prompt(report), sides.toString());
  }

  private static String sample(String title, String prompt, String sides) {
    return "<article class=\"sample\">\n<h3>"
        + Html.text(title)
        + "</h3>\n<div class=\"side asked\"><h4>Prompt</h4><pre>"
        + Html.text(shortened(prompt))
        + "</pre></div>\n<div class=\"sides\">"
        + sides
        + "</div></article>\n";
  }

  private static String side(String name, String note, String text) {
    return "<div class=\"side\"><h4>"
        + Html.text(name)
        + (note.isEmpty() ? "" : " <small>" + Html.text(note) + "</small>")
        + "</h4><pre>"
        + Html.text(shortened(text))
        + "</pre></div>\n";
  }

  private static String prompt(JsonNode row) {
    return row.has("prompt") ? turns(row.path("prompt"), true) : ids(row.path("prompt_ids"));
  }

  /** The text of an answer; of one without text its ids. */
  private static String said(JsonNode row, String name) {
    String text = turns(row.path(name), false);
    return text.isEmpty() ? ids(row.path(name + "_ids")) : text;
  }

  /** A text, or the turns of a conversation. */
  private static String turns(JsonNode node, boolean named) {
    if (!node.isArray()) {
      return node.asText();
    }
    StringBuilder turns = new StringBuilder();
    for (JsonNode turn : node) {
      String role = named && node.size() > 1 ? turn.path("role").asText() + ": " : "";
      turns
          .append(turns.isEmpty() ? "" : "\n\n")
          .append(role)
          .append(turn.path("content").asText());
    }
    return turns.toString();
  }

  private static String ids(JsonNode ids) {
    StringBuilder text = new StringBuilder("ids");
    ids.forEach(id -> text.append(' ').append(id.asText()));
    return text.toString();
  }

  /** Surrogate pairs are not cut. */
  private static String shortened(String text) {
    if (text.length() <= MOST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
    return text.substring(0, end) + " … (" + (text.length() - end) + " more characters)";
  }
}
