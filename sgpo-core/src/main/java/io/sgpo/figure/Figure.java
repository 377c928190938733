package io.sgpo.figure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Diagrams of equal size in rows, above one legend.
 *
 * @param name of the file, without its suffix; of a page's element
 * @param title for readers that do not see the picture
 * @param width in pixels
 * @param columns diagrams per row
 * @param panels row after row
 */
public record Figure(String name, String title, double width, int columns, List<Panel> panels) {

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
  private record Key(Series series, double x, int row) {}

  public Figure {
    panels = List.copyOf(panels);
  }

  /** A figure as wide as a page. */
  public Figure(String name, String title, int columns, List<Panel> panels) {
    this(name, title, WIDTH, columns, panels);
  }

  /** The picture as a file's text. */
  public String svg() {
    double height = height();
    Svg svg = new Svg(width, height, title, Style.sheet());
    svg.rectangle("paper", 0, 0, width, height);
    return drawn(svg);
  }

  /**
   * The picture as an element of a page that has {@link Style#sheet} and {@link Style#areas} as
   * style sheets.
   *
   * @param description what it shows, for readers that do not see it
   */
  public String within(String description) {
    return drawn(Svg.within(name, width, height(), title, description));
  }

  private double height() {
    List<Key> legend = legend();
    int legendRows = legend.isEmpty() ? 0 : legend.get(legend.size() - 1).row() + 1;
    return panelsEnd() + 8 + legendRows * LEGEND_ROW;
  }

  private double panelsEnd() {
    int rows = (panels.size() + columns - 1) / columns;
    return rows * (ABOVE + HEIGHT + BELOW);
  }

  private String drawn(Svg svg) {
    List<Key> legend = legend();
    for (int i = 0; i < panels.size(); i++) {
      panels.get(i).draw(svg, frame(i), name + "-" + i);
    }
    for (Key key : legend) {
      double y = panelsEnd() + 12 + key.row() * LEGEND_ROW;
      drawSample(svg, key, y - 4);
      svg.text("", key.x() + SAMPLE + 6, y, key.series().label());
    }
    return svg.end();
  }

  private static void drawSample(Svg svg, Key key, double y) {
    if (key.series().form() == Series.Form.POINTS) {
      svg.circle(key.series().style().dot(), key.x() + SAMPLE / 2, y, 3);
    } else {
      svg.line(key.series().lineType(), key.x(), y, key.x() + SAMPLE, y);
    }
  }

  private Frame frame(int index) {
    double each = width / columns;
    int row = index / columns;
    int column = index % columns;
    return new Frame(
        column * each + LEFT, row * (ABOVE + HEIGHT + BELOW) + ABOVE, each - LEFT - RIGHT, HEIGHT);
  }

  /** One key per label, in the order in which labels come first. */
  private List<Key> legend() {
    Map<String, Series> first = new LinkedHashMap<>();
    for (Panel panel : panels) {
      for (Series line : panel.series()) {
        Series other = first.putIfAbsent(line.label(), line);
        if (other != null && other.style() != line.style()) {
          throw new IllegalStateException(
              "a label must have one style, but \"" + line.label() + "\" had two");
        }
      }
    }
    return first.size() == 1 ? List.of() : placed(first);
  }

  private List<Key> placed(Map<String, Series> labels) {
    List<Key> keys = new ArrayList<>();
    double x = LEFT;
    int row = 0;
    for (var entry : labels.entrySet()) {
      double wide = SAMPLE + 6 + LETTER * entry.getKey().length() + 22;
      if (x + wide > width && x > LEFT) {
        x = LEFT;
        row++;
      }
      keys.add(new Key(entry.getValue(), x, row));
      x += wide;
    }
    return keys;
  }
}
