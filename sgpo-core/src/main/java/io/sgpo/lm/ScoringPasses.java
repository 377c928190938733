package io.sgpo.lm;

import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Rows that are scored without gradients, as passes, of which several may go through the model side
 * by side. The passes are a function of the rows' lengths and prompts, the packing and the plan;
 * which lane takes which pass changes nothing.
 *
 * @param passes over all rows with something to score, in the order in which they are taken
 * @param lanes how many go through at once, {@code >= 1}
 * @param threadsEach threads of one operation of a lane
 */
record ScoringPasses(List<Pass> passes, int lanes, int threadsEach) {

  /**
   * In the lanes that are expected to end first. What goes through at once has no more tokens than
   * the packing's passes.
   */
  static ScoringPasses of(List<Row> rows, Packing packing, LanePlan plan) {
    LanePlan possible = plan.atMost(mostLanes(rows, packing));
    if (possible.most() > 1) {
      LanePlan.Division division = possible.divide(lanes -> tokens(units(rows, packing, lanes)));
      if (division.count() > 1) {
        return of(rows, packing, division);
      }
    }
    return new ScoringPasses(packing.passes(rows), 1, plan.threads());
  }

  private static ScoringPasses of(List<Row> rows, Packing packing, LanePlan.Division division) {
    int lanes = division.count();
    List<Packing.Unit> units = units(rows, packing, lanes);
    Packing share = packing.withMaxTokens(packing.maxTokens() / lanes);
    List<Pass> passes = new ArrayList<>();
    for (Set<Integer> group : division.groups()) {
      List<Integer> chosen =
          group.stream().flatMap(unit -> units.get(unit).rows().stream()).toList();
      passes.addAll(share.passes(rows, chosen));
    }
    passes.sort(Comparator.comparingInt(Pass::tokens).reversed());
    return new ScoringPasses(passes, lanes, division.threadsEach());
  }

  /** So many that each has a row, and that the longest in all of them are within the limit. */
  private static int mostLanes(List<Row> rows, Packing packing) {
    List<Row> scored = rows.stream().filter(row -> row.scores() > 0).toList();
    int longest = scored.stream().mapToInt(Row::inputLength).max().orElse(1);
    return Math.max(1, Math.min(scored.size(), packing.maxTokens() / Math.max(1, longest)));
  }

  /** Rows that share a prompt are divided where all of them are more than a lane's share. */
  private static List<Packing.Unit> units(List<Row> rows, Packing packing, int lanes) {
    if (lanes == 1) {
      return packing.units(rows);
    }
    long even = (packing.tokens(rows) + lanes - 1) / lanes;
    return packing
        .withMaxTokens((int) Math.min(packing.maxTokens() / lanes, Math.max(1, even)))
        .units(rows);
  }

  private static long[] tokens(List<Packing.Unit> units) {
    return units.stream().mapToLong(Packing.Unit::tokens).toArray();
  }

  /**
   * As many lanes as the weights, and the memory of each lane's logits, allow.
   *
   * @param decoders that every pass goes through
   */
  static LanePlan plan(List<Decoder> decoders) {
    if (!decoders.get(0).options().device().isCpu()) {
      return LanePlan.ONE;
    }
    long layer = 0;
    int most = Integer.MAX_VALUE;
    for (Decoder decoder : decoders) {
      MemoryEstimate estimate = MemoryEstimate.of(decoder.layout(), decoder.options());
      layer = Math.max(layer, Packing.layerNumbers(decoder.config()));
      most =
          Math.min(
              most, estimate.scoringLanes(new LayoutMemory(decoder.layout(), decoder.options())));
    }
    long weights = MemoryEstimate.weights(decoders);
    return LanePlan.scoring(PyTorch.threads(), weights, layer).atMost(most);
  }

  /**
   * Runs it for every pass; nothing runs any more once this has returned.
   *
   * @param work on a thread of each lane, for several passes at once
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  void run(Consumer<Pass> work) {
    Interruption.check("scoring");
    AtomicInteger taken = new AtomicInteger();
    Runnable lane =
        () -> {
          int next;
          while ((next = taken.getAndIncrement()) < passes.size()) {
            Interruption.check("scoring");
            work.accept(passes.get(next));
          }
        };
    LaneThreads.run(threadsEach, Collections.nCopies(lanes, lane));
  }
}
