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
    List<List<Sample>> all = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      Interruption.check("sampling");
      Table.Row row = table.row(prompts.get(i), i);
      List<Sample> samples = new ArrayList<>(sampling.samplesPerPrompt());
      for (int s = 0; s < sampling.samplesPerPrompt(); s++) {
        samples.add(draw(row, logits, sampling, Streams.of(sampling.seed(), PURPOSE, i, s)));
      }
      all.add(List.copyOf(samples));
    }
    return List.copyOf(all);
  }

  private static Sample draw(
      Table.Row row, double[] logits, Sampling sampling, SplittableRandom random) {
    double[] logProbs =
        Softmax.logProbs(logits, row.offset(), row.size(), sampling.logProbTemperature());
    Softmax.Draw draw = Softmax.draw(logProbs, sampling, random);
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
