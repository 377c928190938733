package io.sgpo.lm;

import io.sgpo.policy.Sampling;
import io.sgpo.train.Interruption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Draws responses token by token with a key/value cache. Places of finished rows go to waiting
 * prompts; at the end the batch shrinks.
 */
final class Generator {

  /** Waiting prompts are read once this share of the places is free. */
  private static final double REFILL_AT = 0.125;

  private final Set<Integer> ends;
  private final int maxPositions;
  private final Sampling sampling;
  private final BatchLimits limits;
  private final IntConsumer ended;

  /**
   * @param ended hears of the number of tokens of every response
   */
  Generator(ModelConfig config, Sampling sampling, BatchLimits limits, IntConsumer ended) {
    this.ends = sampling.ignoreEndOfSequence() ? Set.of() : config.endOfSequence();
    this.maxPositions = config.maxPositions();
    this.sampling = sampling;
    this.limits = limits;
    this.ended = ended;
  }

  /** For every prompt, its drafts in the order of the samples. */
  List<List<Draft>> run(NextTokens source, List<int[]> prompts) {
    List<List<Draft>> drafts = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      drafts.add(Draft.list(i, prompts.get(i), sampling, maxPositions));
    }
    List<Draft> all = drafts.stream().flatMap(List::stream).toList();
    all.stream().filter(Draft::isFinished).forEach(draft -> ended.accept(draft.size()));
    List<Draft> open = all.stream().filter(draft -> !draft.isFinished()).toList();
    source.begin(open.stream().map(Draft::prompt).toList());
    decode(source, new ArrayDeque<>(open.stream().sorted(Admission.order(source)).toList()));
    return drafts;
  }

  private void decode(NextTokens source, Deque<Draft> waiting) {
    DraftRows rows = new DraftRows(source);
    while (true) {
      while (shouldRefill(rows, waiting)) {
        Interruption.check("sampling");
        refill(source, rows, waiting);
      }
      if (rows.live() == 0) {
        return;
      }
      Interruption.check("sampling");
      rows.step(waiting.isEmpty(), this::extend);
    }
  }

  private boolean shouldRefill(DraftRows rows, Deque<Draft> waiting) {
    if (waiting.isEmpty()) {
      return false;
    }
    int places = limits.rows(Math.max(rows.longest(), waiting.element().longest()));
    int free = places - rows.live();
    return rows.live() == 0
        || free >= Math.max(1, REFILL_AT * places)
        || (free > 0 && free >= waiting.size());
  }

  /** Reads as many waiting prompts as may be read at once and find a place. */
  private void refill(NextTokens source, DraftRows rows, Deque<Draft> waiting) {
    Admission admission = new Admission(source, limits, rows.live(), rows.longest());
    while (!waiting.isEmpty() && admission.admits(waiting.element())) {
      admission.add(waiting.remove());
    }
    rows.admit(admission.prompts(), admission.drafts(), this::extend);
  }

  private void extend(Draft draft, TokenDraw draw, int row) {
    TokenDraw.Drawn drawn = draw.draw(row, draft.random());
    draft.append(drawn, ends.contains(drawn.token()));
    if (draft.isFinished()) {
      ended.accept(draft.size());
    }
  }
}
