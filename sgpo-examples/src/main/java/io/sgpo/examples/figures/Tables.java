package io.sgpo.examples.figures;

import static io.sgpo.examples.figures.Markdown.fixed;
import static io.sgpo.examples.figures.Markdown.percent;
import static io.sgpo.examples.figures.Markdown.rough;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.stats.EffectiveSampleSize;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tables of docs/which-follower.md, as Markdown. */
final class Tables {

  private Tables() {}

  /** Every table under its name. */
  static String all() {
    StringBuilder text = new StringBuilder();
    byName()
        .forEach(
            (name, table) ->
                text.append("## ").append(name).append("\n\n").append(table).append('\n'));
    return text.toString();
  }

  static Map<String, String> byName() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("radius", radii());
    tables.put("support", supports());
    tables.put("weightings", weightings());
    tables.put("tangents", tangents());
    tables.put("groups", groups());
    tables.put("temperatures", temperatures());
    tables.put("adversaries", adversaries());
    return tables;
  }

  private static String radii() {
    Markdown table =
        new Markdown(
            "ε",
            "ρ",
            "pairs moved",
            "threshold gap",
            "λ*",
            "V − mean ℓ",
            "weights",
            "effective pairs");
    for (double radius : new double[] {0.01, 0.03, 0.05, 0.1}) {
      addRadius(table, radius);
    }
    for (double relative : new double[] {0.1, 0.2, 0.5, 0.9, 1.1}) {
      addRadius(table, NormalGaps.radius(relative));
    }
    return table.text();
  }

  private static void addRadius(Markdown table, double radius) {
    WorstCase worst = NormalGaps.exact(radius);
    double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
    boolean saturated = worst.status() == WorstCase.Status.SATURATED;
    table.row(
        fixed(radius, 2),
        fixed(worst.saturation(), 3),
        percent(NormalGaps.movedShare(worst)),
        fixed(worst.threshold(), 2),
        fixed(worst.dualPrice(), 3),
        fixed(worst.value() - NormalGaps.meanLoss(), 3),
        saturated ? "all 0" : range(weights),
        fixed(EffectiveSampleSize.kish(weights), 0));
  }

  private static String range(double[] weights) {
    return fixed(Arrays.stream(weights).min().orElseThrow(), 2)
        + " to "
        + fixed(Arrays.stream(weights).max().orElseThrow(), 2);
  }

  /** One radius on several supports. */
  private static String supports() {
    double radius = 0.1;
    Markdown table =
        new Markdown("a", "ρ at ε = 0.1", "pairs moved", "λ*", "V − mean ℓ", "largest weight");
    for (double margin : new double[] {0, 1, 4, 16, 64}) {
      WorstCase worst = Followers.exact().solve(NormalGaps.gaps(), NormalGaps.ball(radius, margin));
      double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
      table.row(
          "min ξ − " + fixed(margin, 0),
          fixed(worst.saturation(), 4),
          percent(NormalGaps.movedShare(worst)),
          fixed(worst.dualPrice(), 3),
          fixed(worst.value() - NormalGaps.meanLoss(), 4),
          fixed(Arrays.stream(weights).max().orElseThrow(), 2));
    }
    return table.text();
  }

  private static String weightings() {
    Markdown table = new Markdown("weighting", "weights", "effective pairs");
    WorstCase worst = NormalGaps.exact(NormalGaps.radius(0.2));
    for (LeaderWeighting weighting : LeaderWeighting.values()) {
      double[] weights = worst.weights(weighting);
      table.row("`" + weighting + "`", range(weights), fixed(EffectiveSampleSize.kish(weights), 0));
    }
    return table.text();
  }

  /** The share of the premium V − mean ℓ that K tangents miss. */
  private static String tangents() {
    Markdown table =
        new Markdown(
            "K",
            "Δ(K), equally spaced",
            "missed, equally spaced",
            "missed, quantiles",
            "missed, probability",
            "missed at ρ = 0.2, equally spaced");
    Ambiguity ball = NormalGaps.ball(0.1);
    for (int count : new int[] {5, 6, 7, 10, 20, 50}) {
      double error =
          ValueFigures.Knots.UNIFORM.tangents(count, ball).maxError(ball.lower(), ball.upper());
      table.row(
          String.valueOf(count),
          fixed(error, 4),
          missed(count, ValueFigures.Knots.UNIFORM, 0.1),
          missed(count, ValueFigures.Knots.QUANTILES, 0.1),
          missed(count, ValueFigures.Knots.PROBABILITY, 0.1),
          missed(count, ValueFigures.Knots.UNIFORM, NormalGaps.radius(0.2)));
    }
    return table.text();
  }

  private static String missed(int count, ValueFigures.Knots knots, double radius) {
    double exact = NormalGaps.exact(radius).value();
    double value = ValueFigures.surrogate(count, knots, radius);
    return percent((exact - value) / (exact - NormalGaps.meanLoss()));
  }

  private static String groups() {
    Markdown table = new Markdown("G", "lost at ρ = 0.02", "lost at ρ = 0.2");
    for (int size : new int[] {10, 50, 100, 500}) {
      table.row(
          String.valueOf(size),
          percent(AdversaryFigures.lostByGroups(size, NormalGaps.radius(0.02))),
          percent(AdversaryFigures.lostByGroups(size, NormalGaps.radius(0.2))));
    }
    return table.text();
  }

  private static String temperatures() {
    double[] gaps = NormalGaps.gaps();
    Ambiguity ball = NormalGaps.ball(NormalGaps.radius(0.2));
    WorstCase exact = Followers.exact().solve(gaps, ball);
    Markdown table =
        new Markdown("T", "V_T − V", "weights", "largest jump from a pair to the next");
    table.row(temperature("exact", exact, 0));
    for (double temperature : new double[] {0.001, 0.01, 0.03, 0.1, 0.3}) {
      WorstCase worst = Followers.entropic(temperature, 16).solve(gaps, ball).orElseThrow();
      table.row(temperature(String.valueOf(temperature), worst, worst.value() - exact.value()));
    }
    return table.text();
  }

  private static String[] temperature(String name, WorstCase worst, double difference) {
    double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
    double jump = 0;
    for (int i = 1; i < weights.length; i++) {
      jump = Math.max(jump, Math.abs(weights[i] - weights[i - 1]));
    }
    return new String[] {name, rough(difference), range(weights), fixed(jump, 2)};
  }

  private static String adversaries() {
    Markdown table =
        new Markdown(
            "adversary",
            "radius",
            "weights",
            "effective pairs",
            "share of the pull on the lowest 1 % of gaps");
    double[] ones = NormalGaps.exact(0).weights(LeaderWeighting.ENVELOPE);
    table.row(
        "none (DPO)",
        "",
        range(ones),
        fixed(EffectiveSampleSize.kish(ones), 0),
        percent(WeightFigures.pullOnLowest(ones, 0.01)));
    for (Adversary adversary : Adversary.values()) {
      Adversary.Outcome outcome = adversary.atCommonValue();
      double[] weights = outcome.weights();
      table.row(
          adversary.label(),
          adversary.radiusName() + " = " + rough(outcome.radius()),
          range(weights),
          fixed(EffectiveSampleSize.kish(weights), 0),
          percent(WeightFigures.pullOnLowest(weights, 0.01)));
    }
    return table.text();
  }
}
