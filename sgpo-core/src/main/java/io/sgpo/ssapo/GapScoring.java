package io.sgpo.ssapo;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingItem;
import io.sgpo.train.Interruption;
import java.util.List;
import java.util.stream.IntStream;

/** What the policy says of pairs at the start of a round, a chunk at a time. */
final class GapScoring {

  /** Pairs scored at a time. */
  private static final int CHUNK = 64;

  private final TrainablePolicy policy;
  private final PairTable table;
  private final int[] pairs;
  private int done;

  /**
   * @param pairs those to score
   */
  GapScoring(TrainablePolicy policy, PairTable table, int[] pairs) {
    this.policy = policy;
    this.table = table;
    this.pairs = pairs;
  }

  int done() {
    return done;
  }

  void goOnFrom(int scored) {
    done = scored;
  }

  int total() {
    return pairs.length;
  }

  boolean isDone() {
    return done == pairs.length;
  }

  /**
   * Scores a chunk.
   *
   * @throws ArithmeticException if a log-probability is not finite
   */
  void advance() {
    Interruption.check("scoring");
    int end = Math.min(pairs.length, done + CHUNK);
    List<Exchange> exchanges =
        IntStream.range(done, end)
            .boxed()
            .flatMap(i -> table.group(pairs[i]).items().stream())
            .map(TrainingItem::exchange)
            .toList();
    List<LogProbs> scores = policy.logProbs(exchanges);
    for (int i = done; i < end; i++) {
      requireFinite(pairs[i], scores.get(2 * (i - done)), scores.get(2 * (i - done) + 1));
    }
    for (int i = done; i < end; i++) {
      int chosen = 2 * (i - done);
      table.see(pairs[i], PairTable.Scores.of(scores.get(chosen), scores.get(chosen + 1)));
    }
    done = end;
  }

  private static void requireFinite(int pair, LogProbs chosen, LogProbs rejected) {
    if (!Double.isFinite(chosen.sum()) || !Double.isFinite(rejected.sum())) {
      throw new ArithmeticException(
          "the log-probabilities of pair %d must be finite, but were %s and %s"
              .formatted(pair, chosen.sum(), rejected.sum()));
    }
  }
}
