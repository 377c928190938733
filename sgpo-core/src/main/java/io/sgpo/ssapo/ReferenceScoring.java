package io.sgpo.ssapo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.LogProbs;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Progress;
import io.sgpo.run.RunState;
import io.sgpo.spi.RunContext;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.List;

/** Scores the seed pairs by the reference and puts them into the table. */
final class ReferenceScoring implements Phase {

  /** Pairs scored at a time. */
  private static final int CHUNK = 64;

  private final List<PreferencePair> pairs;
  private final int[] seeds;
  private final RunContext context;
  private final PairTable table;

  /**
   * @param seeds which of the pairs are the seeds
   */
  ReferenceScoring(List<PreferencePair> pairs, int[] seeds, RunContext context, PairTable table) {
    this.pairs = pairs;
    this.seeds = seeds;
    this.context = context;
    this.table = table;
  }

  /** The table holds nothing else yet. */
  @Override
  public boolean isDone() {
    return table.size() == seeds.length;
  }

  @Override
  public void advance() {
    Interruption.check("scoring");
    int start = table.size();
    int end = Math.min(seeds.length, start + CHUNK);
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = start; i < end; i++) {
      exchanges.add(pairs.get(seeds[i]).chosenExchange());
      exchanges.add(pairs.get(seeds[i]).rejectedExchange());
    }
    List<LogProbs> scores = context.reference().logProbs(exchanges);
    for (int i = start; i < end; i++) {
      int chosen = 2 * (i - start);
      table.add(
          PairTable.Origin.seed(seeds[i]),
          pairs.get(seeds[i]),
          PairTable.Scores.of(scores.get(chosen), scores.get(chosen + 1)));
    }
    context.listener().onProgress(new Progress("reference", 0, end, seeds.length));
  }

  /** How far it has come is seen from the table. */
  @Override
  public RunState state() {
    return new RunState();
  }

  @Override
  public void restore(RunState state) {}
}
