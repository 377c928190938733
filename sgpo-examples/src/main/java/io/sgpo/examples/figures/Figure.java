package io.sgpo.examples.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Diagrams of equal size in rows, above one legend.
 *
 * @param name of the file, without its suffix
 * @param title for readers that do not see the picture
 * @param columns diagrams per row
 * @param panels row after row
 */
record Figure(String name, String title, int columns, List<Panel> panels) {

  private static final double WIDTH = 860;
  private static final double HEIGHT = 200;
  private static final double ABOVE = 52;
  private static final double BELOW = 46;
  private static final double LEFT = 52;
  private static final double RIGHT = 16;
  private static final double LEGEND_ROW = 22;

  /** About as wide as a letter. */
  private static final double LETTER = 7;

  private static final double SAMPLE = 30;

  /** A label of the legend and where it stands. */
  private record Key(String label, Style style, double x, int row) {}

  /** The picture as text. */
  String svg() {
    List<Key> legend = legend();
    int rows = (panels.size() + columns - 1) / columns;
    double panelsEnd = rows * (ABOVE + HEIGHT + BELOW);
    int legendRows = legend.isEmpty() ? 0 : legend.get(legend.size() - 1).row() + 1;
    double height = panelsEnd + 8 + legendRows * LEGEND_ROW;
    Svg svg = new Svg(WIDTH, height, title, Style.sheet());
    svg.rectangle("paper", 0, 0, WIDTH, height);
    for (int i = 0; i < panels.size(); i++) {
      panels.get(i).draw(svg, frame(i), name + "-" + i);
    }
    for (Key key : legend) {
      double y = panelsEnd + 12 + key.row() * LEGEND_ROW;
      svg.line(key.style().line(), key.x(), y - 4, key.x() + SAMPLE, y - 4);
      svg.text("", key.x() + SAMPLE + 6, y, key.label());
    }
    return svg.end();
  }

  private Frame frame(int index) {
    double width = WIDTH / columns;
    int row = index / columns;
    int column = index % columns;
    return new Frame(
        column * width + LEFT,
        row * (ABOVE + HEIGHT + BELOW) + ABOVE,
        width - LEFT - RIGHT,
        HEIGHT);
  }

  /** One key per label, in the order in which labels come first. */
  private List<Key> legend() {
    Map<String, Style> styles = new LinkedHashMap<>();
    for (Panel panel : panels) {
      for (Series line : panel.series()) {
        Style other = styles.putIfAbsent(line.label(), line.style());
        if (other != null && other != line.style()) {
          throw new IllegalStateException(
              "a label must have one style, but \"" + line.label() + "\" had two");
        }
      }
    }
    return styles.size() == 1 ? List.of() : placed(styles);
  }

  private static List<Key> placed(Map<String, Style> styles) {
    List<Key> keys = new ArrayList<>();
    double x = LEFT;
    int row = 0;
    for (var entry : styles.entrySet()) {
      double width = SAMPLE + 6 + LETTER * entry.getKey().length() + 22;
      if (x + width > WIDTH && x > LEFT) {
        x = LEFT;
        row++;
      }
      keys.add(new Key(entry.getKey(), entry.getValue(), x, row));
      x += width;
    }
    return keys;
  }
}
