package io.sgpo.examples.figures;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** One diagram of a figure: axes, lines, and marks. */
final class Panel {

  /** Words inside the diagram that start at a point of it. */
  private record Note(double x, double y, String text) {}

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Series> series = new ArrayList<>();
  private final List<Double> verticals = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  Panel(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  Panel add(Series line) {
    series.add(line);
    return this;
  }

  /** A faint vertical line. */
  Panel vertical(double at) {
    verticals.add(at);
    return this;
  }

  /** A word that starts at a point. */
  Panel note(double atX, double atY, String text) {
    notes.add(new Note(atX, atY, text));
    return this;
  }

  List<Series> series() {
    return series;
  }

  /** Draws into a frame, the text around the diagram included. */
  void draw(Svg svg, Frame frame, String id) {
    svg.text("title", frame.left(), frame.top() - 28, title);
    svg.text("quiet", frame.left(), frame.top() - 11, y.label());
    drawAxes(svg, frame);
    svg.clip(id, frame.left(), frame.top(), frame.width(), frame.height());
    for (double value : verticals) {
      double at = frame.x(x, value);
      svg.line(Style.FAINT.line(), at, frame.top(), at, frame.bottom());
    }
    for (Series line : series) {
      drawSeries(svg, frame, line);
    }
    svg.endClip();
    for (Note note : notes) {
      svg.text("quiet", frame.x(x, note.x()), frame.y(y, note.y()), note.text());
    }
  }

  private void drawAxes(Svg svg, Frame frame) {
    for (var tick : y.ticks()) {
      double at = frame.y(y, tick.doubleValue());
      svg.line("grid", frame.left(), at, frame.right(), at);
      svg.text("quiet end", frame.left() - 6, at + 4, word(tick));
    }
    for (var tick : x.ticks()) {
      double at = frame.x(x, tick.doubleValue());
      svg.line("axis", at, frame.bottom(), at, frame.bottom() + 4);
      svg.text("quiet middle", at, frame.bottom() + 17, word(tick));
    }
    svg.line("axis", frame.left(), frame.bottom(), frame.right(), frame.bottom());
    svg.text("quiet middle", frame.middle(), frame.bottom() + 34, x.label());
  }

  private static String word(BigDecimal tick) {
    return tick.toPlainString().replace('-', '−');
  }

  private void drawSeries(Svg svg, Frame frame, Series line) {
    double[] xs = new double[line.xs().length];
    double[] ys = new double[xs.length];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = frame.x(x, line.xs()[i]);
      ys[i] = frame.y(y, line.ys()[i]);
    }
    Outline outline = Outline.of(xs, ys);
    svg.path(line.style().line(), outline.xs(), outline.ys());
    for (int i = 0; line.dots() && i < xs.length; i++) {
      svg.circle(line.style().dot(), xs[i], ys[i], 3);
    }
  }
}
