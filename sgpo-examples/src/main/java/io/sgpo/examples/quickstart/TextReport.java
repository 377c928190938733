package io.sgpo.examples.quickstart;

import io.sgpo.dialogue.Response;
import io.sgpo.solvers.stats.MeanDifference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The table and the sentences for people. Every number is one that was measured. */
final class TextReport {

  private static final double PERCENT = 100;
  private static final String ROW = "  %-54s %6.1f %% [%5.1f, %5.1f]  %6.2f  %6.2f";

  private final Results results;
  private final List<String> lines = new ArrayList<>();

  private TextReport(Results results) {
    this.results = results;
  }

  /** The lines of the report. */
  static List<String> lines(Results results) {
    TextReport report = new TextReport(results);
    report.setting();
    report.contest();
    report.game();
    report.chain();
    return List.copyOf(report.lines);
  }

  private void setting() {
    TrialResult first = results.trials().get(0);
    line("");
    line(
        "%d seeds; per seed %d labelled pairs, %d of them flipped, and %d test prompts with %d"
            + " answers each.",
        results.trials().size(),
        first.pairs(),
        first.flips(),
        results.settings().data().testPrompts(),
        results.settings().data().answersPerPrompt());
    line("Intervals: 95 %%, Student's t over seeds.");
  }

  private void contest() {
    line("");
    line("TRUE PREFERENCE: win rate over the starting model's answers, score (best 5), KL in nats");
    line("  %-54s %8s %-15s %7s %7s", "", "win rate", "", "score", "KL");
    row("starting model, other draws", TrialResult::start);
    for (Contender contender : Contender.all()) {
      row(
          contender.name() + ": " + contender.description(),
          trial -> trial.marks(contender.name()));
    }
    line("");
    Findings.contest(results.trials()).forEach(finding -> line("  %s", finding.sentence()));
  }

  private void row(String name, Function<TrialResult, Marks> marks) {
    MeanDifference rate = overSeeds(trial -> marks.apply(trial).winRate().rate());
    line(
        ROW,
        name,
        PERCENT * rate.mean(),
        PERCENT * rate.lower(),
        PERCENT * rate.upper(),
        overSeeds(trial -> marks.apply(trial).score()).mean(),
        overSeeds(trial -> marks.apply(trial).kl().mean()).mean());
  }

  private void game() {
    line("");
    line("CYCLIC PREFERENCE (warm beats plain beats grand beats warm): SLHF");
    roles("SLHF", TrialResult::game);
    roles("start", TrialResult::startGame);
    line("");
    line("  tones of SLHF's leader: %s", tones(TrialResult::game, GameMarks::leaderTones));
    for (Tone before : Tone.values()) {
      line(
          "  its follower after %-5s: %s",
          name(before),
          tones(TrialResult::game, marks -> marks.followerTones().getOrDefault(before, Map.of())));
    }
    line("");
    Findings.game(results.trials()).forEach(finding -> line("  %s", finding.sentence()));
  }

  private void roles(String who, Function<TrialResult, GameMarks> game) {
    role(who + " leader over the start", t -> game.apply(t).leader().rate());
    role(who + " follower over the start", t -> game.apply(t).follower().rate());
    role(who + " follower over its leader", t -> game.apply(t).followerOverLeader().rate());
    role(who + " refinement over the start's answer", t -> game.apply(t).refinement().rate());
    line(
        "  %-54s leader %.2f, follower %.2f",
        who + " KL to the start",
        overSeeds(t -> game.apply(t).leaderKl().mean()).mean(),
        overSeeds(t -> game.apply(t).followerKl().mean()).mean());
  }

  private void role(String name, ToDoubleFunction<TrialResult> rate) {
    MeanDifference value = overSeeds(rate);
    line(
        "  %-54s %6.1f %% [%5.1f, %5.1f]",
        name, PERCENT * value.mean(), PERCENT * value.lower(), PERCENT * value.upper());
  }

  private String tones(
      Function<TrialResult, GameMarks> game, Function<GameMarks, Map<Tone, Double>> shares) {
    return Arrays.stream(Tone.values())
        .map(
            tone ->
                String.format(
                    Locale.ROOT,
                    "%s %.0f %%",
                    name(tone),
                    PERCENT
                        * overSeeds(t -> shares.apply(game.apply(t)).getOrDefault(tone, 0.0))
                            .mean()))
        .collect(Collectors.joining(", "));
  }

  private void chain() {
    TrialResult first = results.trials().get(0);
    line("");
    line(
        "A chain of refinements (seed %d): %s",
        first.seed(), Request.of(first.chain().prompt()).text());
    for (Response answer : first.chain().answers()) {
      line("  %-6s %s", name(Answer.read(answer.text()).tone()), answer.text());
    }
    line("");
  }

  private MeanDifference overSeeds(ToDoubleFunction<TrialResult> figure) {
    double[] figures = TrialResult.figures(results.trials(), figure);
    return MeanDifference.paired(figures, new double[figures.length], Finding.CONFIDENCE);
  }

  private static String name(Tone tone) {
    return tone.name().toLowerCase(Locale.ROOT);
  }

  private void line(String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values));
  }
}
