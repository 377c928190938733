package io.sgpo.examples.figures;

import io.sgpo.figure.Axis;
import io.sgpo.figure.Figure;
import io.sgpo.figure.Panel;
import io.sgpo.figure.Series;
import io.sgpo.figure.Style;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a pair weighs, against its gap. */
final class WeightFigures {

  private static final double[] RELATIVE_RADII = {0.05, 0.2, 0.5};
  private static final Style[] STYLES = {Style.GREEN, Style.BLUE, Style.ORANGE};
  private static final String GAP = "gap ξ";

  private WeightFigures() {}

  /** Weight and pull of a pair for several radii. */
  static Figure byRadius() {
    Panel weights =
        new Panel("Weight", Axis.linear(GAP, -4, 4), Axis.linear("w, relative to DPO", 0, 2.5));
    Panel pulls =
        new Panel(
            "Pull of a pair on the leader",
            Axis.linear(GAP, -4, 4),
            Axis.linear("g = w σ(−ξ)", 0, 1));
    double[] gaps = NormalGaps.gaps();
    weights.add(Series.line("DPO (ε = 0)", Style.INK, gaps, gap -> 1));
    pulls.add(Series.line("DPO (ε = 0)", Style.INK, gaps, WeightFigures::dpo));
    for (int r = 0; r < RELATIVE_RADII.length; r++) {
      double epsilon = NormalGaps.radius(RELATIVE_RADII[r]);
      double[] w = NormalGaps.exact(epsilon).weights(LeaderWeighting.ENVELOPE);
      String label = String.format(Locale.ROOT, "ρ = %s (ε = %.2f)", RELATIVE_RADII[r], epsilon);
      weights.add(Series.line(label, STYLES[r], gaps, w));
      pulls.add(Series.line(label, STYLES[r], gaps, pull(gaps, w)));
    }
    return new Figure(
        "weights",
        "Weight and pull of a pair against its gap, for several radii",
        2,
        List.of(weights, pulls));
  }

  private static double dpo(double gap) {
    return -GapLoss.logistic().slope(gap); // σ(−ξ)
  }

  private static double[] pull(double[] gaps, double[] weights) {
    double[] pull = new double[gaps.length];
    for (int i = 0; i < pull.length; i++) {
      pull[i] = weights[i] * dpo(gaps[i]);
    }
    return pull;
  }

  /** The share of all pull that is on the lowest gaps, so many of them. */
  static double pullOnLowest(double[] weights, double share) {
    double[] pull = pull(NormalGaps.gaps(), weights);
    long lowest = Math.round(share * pull.length);
    return Arrays.stream(pull).limit(lowest).sum() / Arrays.stream(pull).sum();
  }

  /** The four weightings at one radius. */
  static Figure byWeighting() {
    double[] gaps = NormalGaps.gaps();
    Ambiguity ball = NormalGaps.ball(NormalGaps.radius(0.2));
    WorstCase worst = Followers.exact().solve(gaps, ball);
    List<Panel> panels =
        List.of(
            weighting("ENVELOPE (default)", LeaderWeighting.ENVELOPE, worst),
            weighting("TANGENT_MIXTURE", LeaderWeighting.TANGENT_MIXTURE, worst),
            weighting("ATOMS", LeaderWeighting.ATOMS, worst)
                .note(
                    -2.6,
                    2.3,
                    String.format(
                        Locale.ROOT,
                        "the least gap: w = %.0f",
                        worst.weights(LeaderWeighting.ATOMS)[0])),
            weighting("UNIFORM", LeaderWeighting.UNIFORM, worst));
    return new Figure("weightings", "The four leader weightings at ρ = 0.2", 2, panels);
  }

  private static Panel weighting(String title, LeaderWeighting weighting, WorstCase worst) {
    return new Panel(title, Axis.linear(GAP, -4, 4), Axis.linear("w, relative to DPO", 0, 2.5))
        .add(Series.line("w", Style.BLUE, NormalGaps.gaps(), worst.weights(weighting)));
  }
}
