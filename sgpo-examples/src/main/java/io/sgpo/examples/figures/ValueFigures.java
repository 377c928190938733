package io.sgpo.examples.figures;

import io.sgpo.figure.Axis;
import io.sgpo.figure.Figure;
import io.sgpo.figure.Panel;
import io.sgpo.figure.Series;
import io.sgpo.figure.Style;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.loss.Tangents;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The robust value against what it depends on. */
final class ValueFigures {

  private static final int STEPS = 200;

  private ValueFigures() {}

  /** Where the K tangents touch. */
  enum Knots {
    UNIFORM("knots equally spaced", Style.BLUE),
    QUANTILES("knots at quantiles", Style.ORANGE),
    PROBABILITY("knots equally spaced in probability", Style.GREEN);

    private final String label;
    private final Style style;

    Knots(String label, Style style) {
      this.label = label;
      this.style = style;
    }

    Tangents tangents(int count, Ambiguity ball) {
      return switch (this) {
        case UNIFORM -> Tangents.uniform(count, ball.lower(), ball.upper());
        case QUANTILES -> Tangents.quantiles(count, NormalGaps.gaps());
        case PROBABILITY -> Tangents.probability(count, ball.lower(), ball.upper());
      };
    }
  }

  /** V under K tangents. */
  static double surrogate(int count, Knots knots, double radius) {
    Ambiguity ball = NormalGaps.ball(radius);
    return Followers.exact()
        .solve(NormalGaps.gaps(), ball.loss(knots.tangents(count, ball)))
        .value();
  }

  /** The robust value against the number of tangents. */
  static Figure byTangents() {
    return new Figure(
        "tangents",
        "Robust value against the number of tangents",
        2,
        List.of(tangentPanel(0.1, 0.68, 0.78), tangentPanel(NormalGaps.radius(0.2), 1.34, 1.44)));
  }

  private static Panel tangentPanel(double radius, double from, double to) {
    Panel panel =
        new Panel(
            String.format(Locale.ROOT, "ε = %.2f", radius),
            Axis.linear("tangents K", 2, 21),
            Axis.linear("robust value V", from, to));
    double exact = NormalGaps.exact(radius).value();
    double[] counts = IntStream.rangeClosed(3, 20).asDoubleStream().toArray();
    panel.add(Series.line("exact", Style.INK, new double[] {2, 21}, k -> exact));
    for (Knots knots : Knots.values()) {
      panel.add(
          Series.dotted(knots.label, knots.style, counts, k -> surrogate((int) k, knots, radius)));
    }
    return panel;
  }

  /** Robust value, dual price and moved share against the radius. */
  static Figure byRadius() {
    double end = 9;
    Panel value =
        new Panel("Robust value", Axis.linear("radius ε", 0, end), Axis.linear("V", 0, 9));
    value.add(
        Series.line(
            "mean ℓ + ε (no support)",
            Style.FAINT,
            new double[] {0, end},
            epsilon -> NormalGaps.meanLoss() + epsilon));
    double[] margins = {1, 4};
    Style[] styles = {Style.BLUE, Style.ORANGE};
    Panel price =
        new Panel("Dual price", Axis.linear("radius ε", 0, end), Axis.linear("λ* = ∂V/∂ε", 0, 1));
    for (int m = 0; m < margins.length; m++) {
      double margin = margins[m];
      String label = String.format(Locale.ROOT, "a = min ξ − %.0f", margin);
      DoubleFunction<WorstCase> solved =
          epsilon -> Followers.exact().solve(NormalGaps.gaps(), NormalGaps.ball(epsilon, margin));
      double saturated = NormalGaps.saturatingRadius(margin);
      double[] radii = grid(end, saturated);
      value.add(Series.line(label, styles[m], radii, e -> solved.apply(e).value()));
      value.vertical(saturated).note(saturated + 0.1, 0.3, "saturated");
      price.add(Series.line(label, styles[m], radii, e -> solved.apply(e).dualPrice()));
    }
    return new Figure(
        "radius", "Robust value and dual price against the radius", 2, List.of(value, price));
  }

  /** Evenly spaced, with both sides of the saturating radius. */
  private static double[] grid(double end, double saturated) {
    IntFunction<Double> even = i -> end * i / STEPS;
    return IntStream.rangeClosed(0, STEPS + 2)
        .mapToObj(i -> i <= STEPS ? even.apply(i) : saturated * (i == STEPS + 1 ? 1 - 1e-9 : 1))
        .mapToDouble(Double::doubleValue)
        .sorted()
        .toArray();
  }
}
