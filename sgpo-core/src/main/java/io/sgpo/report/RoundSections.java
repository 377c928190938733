package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.figure.Style;
import io.sgpo.report.RoundCurves.Line;
import io.sgpo.run.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The sections on what rounds report. */
final class RoundSections {

  private static final List<RoundCurves> FOLLOWER =
      List.of(
          RoundCurves.of(
              "ess",
              "Effective sample size",
              "share of the pairs",
              "How many equally weighted pairs would say as much; 1 is all of them.",
              new Line("weight.ess", "(Σw)² / (N Σw²)", Style.BLUE)),
          RoundCurves.of(
              "weights",
              "Range of the weights",
              "w, relative to the plain loss",
              "Least, mean and largest weight of a pair.",
              new Line("weight.min", "least", Style.GREEN),
              new Line("weight.mean", "mean", Style.BLUE),
              new Line("weight.max", "largest", Style.ORANGE)),
          RoundCurves.of(
              "price",
              "Dual price of the radius",
              "λ*",
              "How fast the worst-case loss rises with the radius.",
              new Line("follower.dual-price", "λ*, of margins", Style.BLUE),
              new Line("follower.dual-price-probability", "λ*, of probabilities", Style.PURPLE)),
          RoundCurves.of(
              "moved",
              "Saturation and moved share",
              "share",
              "At saturation 1 the radius leaves no gradient; moved is the mass that the follower"
                  + " took to the lower end, clipped the gaps beyond the support.",
              new Line("follower.saturation", "saturation", Style.ORANGE),
              new Line("follower.moved", "moved", Style.BLUE),
              new Line("follower.clipped", "clipped", Style.GREEN)));

  private static final List<RoundCurves> PLAYERS =
      List.of(
          ofPlayers(
              "preference",
              "Preference",
              "p",
              "Mean preference for a player's answers over those they were compared with.",
              "preference"),
          ofPlayers(
              "kl",
              "KL to the reference",
              "nat per answer",
              "Estimate from the answers drawn: mean log-ratio of policy and reference.",
              "kl"),
          ofPlayers(
              "player-length",
              "Length of answers",
              "tokens",
              "Mean length of the answers drawn.",
              "length"),
          ofPlayers(
              "entropy",
              "Entropy",
              "nat per token",
              "Estimate at the temperature of the draws; falling fast, a policy collapses.",
              "entropy"),
          ofPlayers(
              "unfinished",
              "Answers cut off",
              "share",
              "Answers that the limit on tokens ended, and no end of sequence.",
              "unfinished"));

  private static final List<RoundCurves> PAIRS =
      List.of(
          RoundCurves.of(
              "shift",
              "Log-likelihood against the reference",
              "nat per answer",
              "Mean shift of the chosen and the rejected answers; a gap can grow while both fall.",
              new Line("chosen.shift", "chosen", Style.BLUE),
              new Line("rejected.shift", "rejected", Style.ORANGE)),
          RoundCurves.of(
              "accuracy",
              "Pairs ranked as labelled",
              "share",
              "Share of the pairs with a gap above 0.",
              new Line("gap.accuracy", "gaps > 0", Style.BLUE)),
          RoundCurves.of(
              "length",
              "Length of answers",
              "tokens",
              "Mean length of the answers trained on, and of those drawn for annotation.",
              new Line("chosen.length", "chosen", Style.BLUE),
              new Line("rejected.length", "rejected", Style.ORANGE),
              new Line("response.length", "drawn", Style.GREEN)),
          RoundCurves.of(
              "annotated",
              "Annotation",
              "prompts",
              "Prompts that gave a pair, and prompts that gave none.",
              new Line("annotated", "annotated", Style.BLUE),
              new Line("dropped", "dropped", Style.ORANGE)));

  private static final List<RoundCurves> JUDGE =
      List.of(
          RoundCurves.of(
              "judge",
              "What the judge did not decide",
              "verdicts",
              "Ties, abstentions and failures.",
              new Line("judge.ties", "ties", Style.BLUE),
              new Line("judge.abstentions", "abstentions", Style.GREEN),
              new Line("judge.failures", "failures", Style.ORANGE)));

  private RoundSections() {}

  /** A metric of every player that there is. */
  private static RoundCurves ofPlayers(
      String id, String title, String unit, String caption, String metric) {
    return RoundCurves.of(
        id,
        title,
        unit,
        caption,
        new Line("slhf.leader-" + metric, "leader", Style.BLUE),
        new Line("slhf.follower-" + metric, "follower", Style.ORANGE),
        new Line("policy." + metric, "policy", Style.BLUE),
        new Line("opponent." + metric, "opponent", Style.ORANGE));
  }

  static Section follower(RunFiles run) {
    return section(
        run, "follower", "The follower", FOLLOWER, "No follower weighted the pairs of this run.");
  }

  static Section players(RunFiles run) {
    return section(
        run,
        "players",
        "Leader and follower",
        PLAYERS,
        "This engine learns from pairs, so there are no curves of players.");
  }

  static Section pairs(RunFiles run) {
    String missing = "This engine does not learn from pairs, or no round of it has ended.";
    return run.reports("pairs"::equals)
        ? section(run, "pairs", "The pairs", PAIRS, missing)
        : Section.missing("pairs", "The pairs", missing);
  }

  static Section judge(RunFiles run) {
    boolean judged =
        run.rounds().stream()
            .anyMatch(
                round ->
                    Stream.of(Metrics.TIES, Metrics.ABSTENTIONS, Metrics.FAILURES)
                        .anyMatch(metric -> RunFiles.number(round, metric.name()) > 0));
    return judged
        ? section(run, "judged", "The judge", JUDGE, "")
        : Section.missing("judged", "The judge", "There was no tie, abstention or failure.");
  }

  private static Section section(
      RunFiles run, String id, String title, List<RoundCurves> curves, String missing) {
    List<Card> cards = new ArrayList<>();
    curves.forEach(curve -> curve.card(run).ifPresent(cards::add));
    return cards.isEmpty()
        ? Section.missing(id, title, missing)
        : Section.of(id, title, Section.cards(cards));
  }

  /** Every metric of every round, a round a column. */
  static Section all(RunFiles run) {
    if (run.rounds().isEmpty()) {
      return Section.missing("metrics", "All metrics", "No round has ended yet.");
    }
    Set<String> names = new LinkedHashSet<>();
    List<String> head = new ArrayList<>(List.of("metric"));
    for (JsonNode round : run.rounds()) {
      head.add("round " + round.path("round").asText());
      round.properties().forEach(field -> names.add(field.getKey()));
    }
    names.remove("round");
    List<List<String>> rows = new ArrayList<>();
    for (String name : names) {
      List<String> row = new ArrayList<>(List.of(name));
      run.rounds().forEach(round -> row.add(Numbers.word(RunFiles.number(round, name))));
      rows.add(row);
    }
    return Section.of("metrics", "All metrics by round", Html.table(head, rows));
  }
}
