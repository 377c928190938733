package io.sgpo.examples.figures;

import io.sgpo.figure.Axis;
import io.sgpo.figure.Figure;
import io.sgpo.figure.Panel;
import io.sgpo.figure.Series;
import io.sgpo.figure.Style;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GroupedFollower;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The exact follower beside the others. */
final class AdversaryFigures {

  private static final String WEIGHT = "w, relative to DPO";
  private static final double LARGEST = 6;
  private static final int DRAWS = 5;

  private AdversaryFigures() {}

  /** Weights of several adversaries that all reach the same robust value. */
  static Figure byAdversary() {
    return new Figure(
        "adversaries",
        "Weights under six adversaries of equal robust value",
        3,
        Arrays.stream(Adversary.values()).map(AdversaryFigures::panel).toList());
  }

  private static Panel panel(Adversary adversary) {
    double[] weights = adversary.atCommonValue().weights();
    Panel panel =
        new Panel(adversary.label(), Axis.linear("gap ξ", -4, 4), Axis.linear(WEIGHT, 0, LARGEST));
    if (weights[0] > LARGEST) {
      panel.note(
          -1.7, 0.9 * LARGEST, String.format(Locale.ROOT, "the least gap: w = %.0f", weights[0]));
    }
    return panel.add(Series.line("w", Style.BLUE, NormalGaps.gaps(), weights));
  }

  /** Grouped against global, and the entropic follower's weights by temperature. */
  static Figure softer() {
    return new Figure("softer", "Grouped and entropic followers", 2, List.of(lost(), softened()));
  }

  private static Panel lost() {
    Panel panel =
        new Panel(
            "Grouped: what groups lose",
            Axis.logarithmic("group size G", 8, 600),
            Axis.logarithmic("share of the premium V − mean ℓ that is lost, %", 0.001, 10));
    double[] sizes = {10, 20, 50, 100, 200, 500};
    double[] relative = {0.02, 0.2};
    Style[] styles = {Style.GREEN, Style.BLUE};
    for (int r = 0; r < relative.length; r++) {
      double radius = NormalGaps.radius(relative[r]);
      String label = "grouped, ρ = " + relative[r];
      panel.add(
          Series.dotted(label, styles[r], sizes, size -> 100 * lostByGroups((int) size, radius)));
    }
    return panel;
  }

  private static Panel softened() {
    Panel panel =
        new Panel(
            "Entropic: weights at ρ = 0.2", Axis.linear("gap ξ", -4, 4), Axis.linear(WEIGHT, 0, 2));
    double[] gaps = NormalGaps.gaps();
    double radius = NormalGaps.radius(0.2);
    double[] exact = NormalGaps.exact(radius).weights(LeaderWeighting.ENVELOPE);
    panel.add(Series.line("exact", Style.INK, gaps, exact));
    double[] temperatures = {0.03, 0.3};
    Style[] styles = {Style.PURPLE, Style.ORANGE};
    for (int t = 0; t < temperatures.length; t++) {
      double[] weights =
          Followers.entropic(temperatures[t], 16)
              .solve(gaps, NormalGaps.ball(radius))
              .weights(LeaderWeighting.ENVELOPE);
      panel.add(Series.line("entropic, T = " + temperatures[t], styles[t], gaps, weights));
    }
    return panel;
  }

  /** The share of V − mean ℓ that random groups lose, the mean of five draws of groups. */
  static double lostByGroups(int size, double radius) {
    double[] gaps = NormalGaps.gaps();
    double exact = NormalGaps.exact(radius).value();
    double grouped = 0;
    for (int seed = 0; seed < DRAWS; seed++) {
      var follower = new GroupedFollower(Followers.exact(), size, seed);
      grouped += follower.solve(gaps, NormalGaps.ball(radius)).value() / DRAWS;
    }
    return (exact - grouped) / (exact - NormalGaps.meanLoss());
  }
}
