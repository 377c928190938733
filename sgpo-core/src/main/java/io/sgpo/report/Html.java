package io.sgpo.report;

import java.util.List;
import java.util.Locale;

/** Pieces of a page. What comes from a run goes through {@link #text}. */
final class Html {

  private Html() {}

  /** A text as it is, whatever it holds. */
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A word as it begins a heading. */
  static String capitalised(String word) {
    return word.isEmpty()
        ? word
        : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /** A table of texts; the first column names the rows. */
  static String table(List<String> head, List<List<String>> rows) {
    StringBuilder table = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
    head.forEach(cell -> table.append("<th scope=\"col\">").append(text(cell)).append("</th>"));
    table.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      table.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        String tag = i == 0 ? "th" : "td";
        table.append(i == 0 ? "<th scope=\"row\">" : "<td>").append(text(row.get(i)));
        table.append("</").append(tag).append('>');
      }
      table.append("</tr>\n");
    }
    return table.append("</tbody></table></div>\n").toString();
  }

  /** A table that is opened by whoever wants the numbers. */
  static String details(String summary, String content) {
    return "<details><summary>" + text(summary) + "</summary>\n" + content + "</details>\n";
  }
}
