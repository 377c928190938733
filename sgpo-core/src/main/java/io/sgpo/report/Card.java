package io.sgpo.report;

import io.sgpo.figure.Figure;
import io.sgpo.figure.Panel;
import java.util.List;

/**
 * A figure with what it shows in words and in numbers.
 *
 * @param id unique on the page
 * @param title what is drawn
 * @param panel the diagram
 * @param caption what it says
 * @param head the columns of the numbers
 * @param rows the numbers
 */
record Card(
    String id,
    String title,
    Panel panel,
    String caption,
    List<String> head,
    List<List<String>> rows) {

  private static final double WIDTH = 430;

  String html() {
    Figure figure = new Figure(id, title, WIDTH, 1, List.of(panel));
    return "<figure>\n"
        + figure.within(caption)
        + "<figcaption>"
        + Html.text(caption)
        + "</figcaption>\n"
        + Html.details("Numbers", Html.table(head, rows))
        + "</figure>\n";
  }
}
