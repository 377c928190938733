package io.sgpo.figure;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** One diagram of a figure: axes, lines, and marks. */
public final class Panel {

  /** Words inside the diagram that start at a point of it. */
  private record Note(double x, double y, String text) {}

  /** A vertical line over a range. */
  private record Interval(double x, double lower, double upper, Style style) {}

  /** Half the length of an interval's bars, in pixels. */
  private static final double BAR = 4;

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Series> series = new ArrayList<>();
  private final List<Double> verticals = new ArrayList<>();
  private final List<Double> horizontals = new ArrayList<>();
  private final List<Interval> intervals = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  public Panel(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  public Panel add(Series line) {
    series.add(line);
    return this;
  }

  /** A faint vertical line. */
  public Panel vertical(double at) {
    verticals.add(at);
    return this;
  }

  /** A faint horizontal line. */
  public Panel horizontal(double at) {
    horizontals.add(at);
    return this;
  }

  /** A vertical line from lower to upper, with short bars at its ends. */
  public Panel interval(double at, double lower, double upper, Style style) {
    intervals.add(new Interval(at, lower, upper, style));
    return this;
  }

  /** A word that starts at a point. */
  public Panel note(double atX, double atY, String text) {
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
    for (double value : horizontals) {
      double at = frame.y(y, value);
      svg.line(Style.FAINT.line(), frame.left(), at, frame.right(), at);
    }
    for (Interval interval : intervals) {
      drawInterval(svg, frame, interval);
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

  private void drawInterval(Svg svg, Frame frame, Interval interval) {
    double at = frame.x(x, interval.x());
    double lower = frame.y(y, interval.lower());
    double upper = frame.y(y, interval.upper());
    String type = interval.style().line();
    svg.line(type, at, lower, at, upper);
    svg.line(type, at - BAR, lower, at + BAR, lower);
    svg.line(type, at - BAR, upper, at + BAR, upper);
  }

  private void drawSeries(Svg svg, Frame frame, Series line) {
    double[] xs = new double[line.xs().length];
    double[] ys = new double[xs.length];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = frame.x(x, line.xs()[i]);
      ys[i] = frame.y(y, line.ys()[i]);
    }
    Series.Form form = line.form();
    if (form != Series.Form.POINTS && xs.length > 0) {
      Outline outline = Outline.of(xs, ys);
      if (form == Series.Form.AREA) {
        svg.area(line.style().area(), outline.xs(), outline.ys(), frame.bottom());
      }
      svg.path(line.lineType(), outline.xs(), outline.ys());
    }
    boolean marked = form == Series.Form.POINTS || form == Series.Form.DOTTED;
    for (int i = 0; marked && i < xs.length; i++) {
      svg.circle(line.style().dot(), xs[i], ys[i], form == Series.Form.DOTTED ? 3 : 2);
    }
  }
}
