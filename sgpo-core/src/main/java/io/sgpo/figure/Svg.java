package io.sgpo.figure;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Writes SVG text. The same calls give the same bytes on every machine. */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  /** Starts a picture of the given size in pixels, with a title and a description for readers. */
  Svg(double width, double height, String title, String style) {
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"")
        .append(attribute("viewBox", "0 0 " + number(width) + " " + number(height)))
        .append(attribute("width", number(width)))
        .append(attribute("height", number(height)))
        .append(">\n<title>")
        .append(escaped(title))
        .append("</title>\n<style>\n")
        .append(style)
        .append("</style>\n");
  }

  /**
   * Starts a picture that stands in a page, whose style sheet it takes.
   *
   * @param id of the page's element; unique there
   * @param description what the picture shows, for readers that do not see it
   */
  static Svg within(String id, double width, double height, String title, String description) {
    return new Svg(id, width, height, title, description);
  }

  private Svg(String id, double width, double height, String title, String description) {
    out.append("<svg role=\"img\"")
        .append(attribute("aria-labelledby", id + "-title " + id + "-desc"))
        .append(attribute("viewBox", "0 0 " + number(width) + " " + number(height)))
        .append(">\n<title")
        .append(attribute("id", id + "-title"))
        .append('>')
        .append(escaped(title))
        .append("</title>\n<desc")
        .append(attribute("id", id + "-desc"))
        .append('>')
        .append(escaped(description))
        .append("</desc>\n");
  }

  Svg rectangle(String type, double x, double y, double width, double height) {
    return element(
        "rect",
        attribute("class", type)
            + attribute("x", number(x))
            + attribute("y", number(y))
            + attribute("width", number(width))
            + attribute("height", number(height)));
  }

  Svg line(String type, double x1, double y1, double x2, double y2) {
    return element(
        "line",
        attribute("class", type)
            + attribute("x1", number(x1))
            + attribute("y1", number(y1))
            + attribute("x2", number(x2))
            + attribute("y2", number(y2)));
  }

  Svg circle(String type, double x, double y, double radius) {
    return element(
        "circle",
        attribute("class", type)
            + attribute("cx", number(x))
            + attribute("cy", number(y))
            + attribute("r", number(radius)));
  }

  /** A line through points, as pairs of x and y. */
  Svg path(String type, double[] xs, double[] ys) {
    return element("polyline", attribute("class", type) + attribute("points", points(xs, ys)));
  }

  /** The area between points and a bottom. */
  Svg area(String type, double[] xs, double[] ys, double bottom) {
    String corners = points(new double[] {xs[xs.length - 1], xs[0]}, new double[] {bottom, bottom});
    return element(
        "polygon", attribute("class", type) + attribute("points", points(xs, ys) + " " + corners));
  }

  private static String points(double[] xs, double[] ys) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      points.append(i == 0 ? "" : " ").append(number(xs[i])).append(',').append(number(ys[i]));
    }
    return points.toString();
  }

  Svg text(String type, double x, double y, String text) {
    out.append("<text")
        .append(attribute("class", type))
        .append(attribute("x", number(x)))
        .append(attribute("y", number(y)))
        .append('>')
        .append(escaped(text))
        .append("</text>\n");
    return this;
  }

  /** What follows is cut off at a rectangle, until {@link #endClip()}. */
  Svg clip(String id, double x, double y, double width, double height) {
    out.append("<clipPath").append(attribute("id", id)).append('>');
    rectangle("clip", x, y, width, height);
    out.append("</clipPath>\n<g").append(attribute("clip-path", "url(#" + id + ")")).append(">\n");
    return this;
  }

  Svg endClip() {
    out.append("</g>\n");
    return this;
  }

  /** The whole picture. */
  String end() {
    return out + "</svg>\n";
  }

  private Svg element(String name, String attributes) {
    out.append('<').append(name).append(attributes).append("/>\n");
    return this;
  }

  /** A tenth of a pixel is as fine as it gets. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("coordinates must be finite, but one was " + value);
    }
    BigDecimal rounded = new BigDecimal(value).setScale(1, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String attribute(String name, String value) {
    return " " + name + "=\"" + escaped(value) + "\"";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
