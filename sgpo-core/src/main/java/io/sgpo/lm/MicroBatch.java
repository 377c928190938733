package io.sgpo.lm;

import io.sgpo.policy.LogProbs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

/**
 * Groups of a step's batch that go through the model together, or all of them. Rows are counted
 * from the first group's first on.
 *
 * @param first the place of the first group in the batch
 * @param groups the rows of every group's items
 * @param owners for every row the place of the weights that score it
 */
record MicroBatch(int first, List<List<Row>> groups, List<List<Integer>> owners) {

  /** Consecutive parts of as many groups as go through together; no group is divided. */
  List<MicroBatch> cut(int maxGroups, Packing packing) {
    List<MicroBatch> parts = new ArrayList<>();
    for (int from = 0; from < groups.size(); ) {
      int to = from + 1;
      long tokens = packing.tokens(groups.get(from));
      while (to < groups.size()
          && to - from < maxGroups
          && tokens + packing.tokens(groups.get(to)) <= packing.maxTokens()) {
        tokens += packing.tokens(groups.get(to));
        to++;
      }
      parts.add(new MicroBatch(first + from, groups.subList(from, to), owners.subList(from, to)));
      from = to;
    }
    return parts;
  }

  List<Row> rows() {
    return groups.stream().flatMap(List::stream).toList();
  }

  /** The places of an owner's rows among all rows. */
  List<Integer> places(int owner) {
    return places(owner, any -> true);
  }

  /** Those of them that are in some of the groups. */
  List<Integer> places(int owner, IntPredicate chosen) {
    List<Integer> places = new ArrayList<>();
    int place = 0;
    for (int g = 0; g < owners.size(); g++) {
      for (int ofRow : owners.get(g)) {
        if (ofRow == owner && chosen.test(g)) {
          places.add(place);
        }
        place++;
      }
    }
    return places;
  }

  /** The tokens of every group, padding not counted. */
  long[] tokens(Packing packing) {
    return groups.stream().mapToLong(packing::tokens).toArray();
  }

  /** An owner's rows. */
  List<Row> rows(int owner) {
    List<Row> rows = rows();
    return places(owner).stream().map(rows::get).toList();
  }

  /** How much goes through the owners' decoders, padding not counted. */
  StepSize size(List<Decoder> decoders, Packing packing, LanePlan.Division division) {
    long tokens = LongStream.of(tokens(packing)).sum();
    List<Row> rows = rows();
    long positions = rows.stream().mapToLong(Row::scores).sum();
    StepSize size = new StepSize(tokens, positions, 0, 0);
    for (int owner = 0; owner < decoders.size(); owner++) {
      for (int lane = 0; lane < division.count(); lane++) {
        int ofLane = lane;
        List<Row> own =
            places(owner, group -> division.isIn(group, ofLane)).stream().map(rows::get).toList();
        for (Pass pass : packing.withoutLimit().passes(own)) {
          size = size.plus(StepSize.attention(pass, decoders.get(owner)));
        }
      }
    }
    return size.in(division.count());
  }

  /**
   * The rows' scores group by group.
   *
   * @throws ArithmeticException if one is not finite, naming the group's place in the batch
   */
  List<List<LogProbs>> byGroup(List<LogProbs> scores) {
    List<List<LogProbs>> byGroup = new ArrayList<>();
    int start = 0;
    for (int g = 0; g < groups.size(); g++) {
      int end = start + groups.get(g).size();
      List<LogProbs> ofGroup = List.copyOf(scores.subList(start, end));
      requireFinite(first + g, ofGroup);
      byGroup.add(ofGroup);
      start = end;
    }
    return byGroup;
  }

  private static void requireFinite(int group, List<LogProbs> scores) {
    for (int i = 0; i < scores.size(); i++) {
      if (!Double.isFinite(scores.get(i).sum())) {
        throw new ArithmeticException(
            "group %d: scores must be finite, but those of item %d sum to %s"
                .formatted(group, i, scores.get(i).sum()));
      }
    }
  }
}
