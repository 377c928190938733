package io.sgpo.report;

import java.util.List;

/**
 * A part of the page, or the reason why it is not there.
 *
 * @param id unique on the page
 * @param title its heading
 * @param body what it holds; empty if there is nothing
 * @param missing why there is nothing, in one sentence; empty if there is something
 */
record Section(String id, String title, String body, String missing) {

  static Section of(String id, String title, String body) {
    return new Section(id, title, body, "");
  }

  static Section missing(String id, String title, String why) {
    return new Section(id, title, "", why);
  }

  /** Figures side by side, as many as there is room for. */
  static String cards(List<Card> cards) {
    StringBuilder body = new StringBuilder("<div class=\"cards\">\n");
    cards.forEach(card -> body.append(card.html()));
    return body.append("</div>\n").toString();
  }

  boolean isMissing() {
    return body.isEmpty();
  }

  String html() {
    return "<section aria-labelledby=\"%1$s\">\n<h2 id=\"%1$s\">%2$s</h2>\n%3$s</section>\n"
        .formatted(id, Html.text(title), body);
  }
}
