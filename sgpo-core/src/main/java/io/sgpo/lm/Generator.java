package io.sgpo.lm;

import io.sgpo.policy.Sampling;
import io.sgpo.train.Interruption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Draws responses token by token with a key/value cache. Places of finished rows go to waiting
 * prompts; at the end the batch shrinks.
 */
final class Generator {

  /** Waiting prompts are read once this share of the places is free. */
  private static final double REFILL_AT = 0.125;

  /** Fewer rows are drawn in fewer lanes: a product of so few takes as long as one of more. */
  private static final int ROWS_PER_LANE = 4;

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
    List<List<Draft>> drafts = drafts(prompts);
    draw(source, limits, open(drafts.stream()));
    return drafts;
  }

  /**
   * The same side by side.
   *
   * @param sources makes one for each lane
   * @param lanes as many as the weights allow that each lane reads for every token
   */
  List<List<Draft>> run(Supplier<NextTokens> sources, LanePlan lanes, List<int[]> prompts) {
    List<List<Draft>> drafts = drafts(prompts);
    List<Draft> open = open(drafts.stream());
    LanePlan.Division division = lanes.atMost(mostLanes(open)).divide(work(drafts));
    BatchLimits each = limits.divided(division.count());
    List<NextTokens> begun = new ArrayList<>();
    try {
      List<Runnable> draws = new ArrayList<>();
      for (Set<Integer> group : division.groups()) {
        NextTokens source = sources.get();
        begun.add(source);
        List<Draft> own = open(group.stream().map(drafts::get));
        draws.add(() -> draw(source, each, own));
      }
      LaneThreads.run(division.threadsEach(), draws);
    } finally {
      begun.forEach(NextTokens::close);
    }
    return drafts;
  }

  /** So many that each has some rows, and that the longest in all of them are within the limits. */
  private int mostLanes(List<Draft> open) {
    int prompt =
        open.stream().mapToInt(draft -> Math.max(1, draft.prompt().length)).max().orElse(1);
    int draft = open.stream().mapToInt(Draft::longest).max().orElse(1);
    long fitting =
        Math.min(limits.tokens() / prompt, BatchLimits.CACHED_PER_TOKEN * limits.tokens() / draft);
    long most = Math.min(open.size() / ROWS_PER_LANE, Math.min(limits.rows(), fitting));
    return (int) Math.max(1, most);
  }

  private List<List<Draft>> drafts(List<int[]> prompts) {
    List<List<Draft>> drafts = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      drafts.add(Draft.list(i, prompts.get(i), sampling, maxPositions));
    }
    drafts.stream()
        .flatMap(List::stream)
        .filter(Draft::isFinished)
        .forEach(draft -> ended(draft.size()));
    return drafts;
  }

  private static List<Draft> open(Stream<List<Draft>> drafts) {
    return drafts.flatMap(List::stream).filter(draft -> !draft.isFinished()).toList();
  }

  /** The tokens that the drafts of each prompt may come to have. */
  private static long[] work(List<List<Draft>> drafts) {
    return drafts.stream()
        .mapToLong(ofPrompt -> open(Stream.of(ofPrompt)).stream().mapToLong(Draft::longest).sum())
        .toArray();
  }

  private void draw(NextTokens source, BatchLimits most, List<Draft> open) {
    source.begin(open.stream().map(Draft::prompt).toList());
    Deque<Draft> waiting = new ArrayDeque<>(open.stream().sorted(Admission.order(source)).toList());
    DraftRows rows = new DraftRows(source);
    while (true) {
      while (shouldRefill(rows, most, waiting)) {
        Interruption.check("sampling");
        refill(source, rows, most, waiting);
      }
      if (rows.live() == 0) {
        return;
      }
      Interruption.check("sampling");
      rows.step(waiting.isEmpty(), this::extend);
    }
  }

  private static boolean shouldRefill(DraftRows rows, BatchLimits most, Deque<Draft> waiting) {
    if (waiting.isEmpty()) {
      return false;
    }
    int places = most.rows(Math.max(rows.longest(), waiting.element().longest()));
    int free = places - rows.live();
    return rows.live() == 0
        || free >= Math.max(1, REFILL_AT * places)
        || (free > 0 && free >= waiting.size());
  }

  /** Reads as many waiting prompts as may be read at once and find a place. */
  private void refill(NextTokens source, DraftRows rows, BatchLimits most, Deque<Draft> waiting) {
    Admission admission = new Admission(source, most, rows.live(), rows.longest());
    while (!waiting.isEmpty() && admission.admits(waiting.element())) {
      admission.add(waiting.remove());
    }
    rows.admit(admission.prompts(), admission.drafts(), this::extend);
  }

  /** One at a time, whichever lane it is. */
  private synchronized void ended(int tokens) {
    ended.accept(tokens);
  }

  private void extend(Draft draft, TokenDraw draw, int row) {
    TokenDraw.Drawn drawn = draw.draw(row, draft.random());
    draft.append(drawn, ends.contains(drawn.token()));
    if (draft.isFinished()) {
      ended(draft.size());
    }
  }
}
