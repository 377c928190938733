package io.sgpo.tabular;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Sampling and scoring, the same for the policy that is trained and for the frozen one. */
final class TableScores {

  private static final String PURPOSE = "sample";

  private TableScores() {}

  static List<List<Sample>> sample(
      Table table, double[] logits, List<? extends Prompt> prompts, Sampling sampling) {
    return sample(table, logits, logits, 0, prompts, sampling);
  }

  /**
   * Draws from the geometric mixture, which is the softmax of the mixed logits: (1 − m) θ + m θ_ref
   * (Nash-MD, arXiv 2312.00886).
   */
  static List<List<Sample>> sample(
      Table table,
      double[] logits,
      double[] reference,
      double mixture,
      List<? extends Prompt> prompts,
      Sampling sampling) {
    double[] mixed = mixture == 0 ? logits : mixed(logits, reference, mixture);
    List<List<Sample>> all = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      Interruption.check("sampling");
      Table.Row row = table.row(prompts.get(i), i);
      List<Sample> samples = new ArrayList<>(sampling.samplesPerPrompt());
      for (int s = 0; s < sampling.samplesPerPrompt(); s++) {
        samples.add(draw(row, logits, mixed, sampling, Streams.of(sampling.seed(), PURPOSE, i, s)));
      }
      all.add(List.copyOf(samples));
    }
    return List.copyOf(all);
  }

  /** (1 − m) θ + m θ_ref. */
  static double[] mixed(double[] logits, double[] reference, double mixture) {
    double[] mixed = new double[logits.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (1 - mixture) * logits[i] + mixture * reference[i];
    }
    return mixed;
  }

  private static Sample draw(
      Table.Row row, double[] logits, double[] mixed, Sampling sampling, SplittableRandom random) {
    double temperature = sampling.logProbTemperature();
    double[] logProbs = Softmax.logProbs(logits, row.offset(), row.size(), temperature);
    double[] drawnFrom =
        mixed == logits ? logProbs : Softmax.logProbs(mixed, row.offset(), row.size(), temperature);
    Softmax.Draw draw = Softmax.draw(drawnFrom, sampling, random);
    Exchange exchange = new Exchange(row.prompt(), row.candidates().get(draw.candidate()));
    return new Sample(exchange, LogProbs.of(logProbs[draw.candidate()]), draw.samplingLogProb());
  }

  static List<LogProbs> logProbs(
      Table table, double[] logits, List<Exchange> exchanges, double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was " + temperature);
    }
    List<LogProbs> scores = new ArrayList<>(exchanges.size());
    for (int i = 0; i < exchanges.size(); i++) {
      Interruption.check("scoring");
      Table.Row row = table.row(exchanges.get(i).prompt(), i);
      int candidate = table.candidate(row, exchanges.get(i), i);
      scores.add(
          LogProbs.of(Softmax.logProbs(logits, row.offset(), row.size(), temperature)[candidate]));
    }
    return List.copyOf(scores);
  }
}
