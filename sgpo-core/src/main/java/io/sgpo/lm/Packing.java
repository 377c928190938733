package io.sgpo.lm;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How rows are laid out for the model. Rows with equal prompts share one where that saves more than
 * it costs; the others, and the responses to a shared prompt, lie in blocks of nearly equal length.
 *
 * @param maxTokens the most tokens of a pass with more than one row, padding not counted
 * @param blockCost what one more block costs, in tokens
 * @param maxPadding the largest share of padding in a pass's tokens
 * @param sharing whether prompts are shared
 */
record Packing(int maxTokens, double blockCost, double maxPadding, boolean sharing) {

  /** Multiplications of a layer's weights that take as long as one more block in it. */
  private static final double BLOCK_WORK = 2e6;

  private static final double MAX_PADDING = 0.05;

  /** For a model of that shape. */
  static Packing of(ModelConfig config, int maxTokens) {
    return new Packing(maxTokens, BLOCK_WORK / layerNumbers(config), MAX_PADDING, true);
  }

  /** About the numbers of the matrices that a token of a layer is multiplied with. */
  static long layerNumbers(ModelConfig config) {
    long attention = 2L * (config.queryWidth() + config.keyWidth());
    return config.hiddenSize() * (attention + 3L * config.intermediateSize());
  }

  /** The same for all rows at once. */
  Packing withoutLimit() {
    return withMaxTokens(Integer.MAX_VALUE);
  }

  /** The same for passes of another size. */
  Packing withMaxTokens(int tokens) {
    return new Packing(tokens, blockCost, maxPadding, sharing);
  }

  /**
   * Rows that are laid out together: one, or several that share their prompt.
   *
   * @param rows their places
   * @param tokens padding not counted
   */
  record Unit(List<Integer> rows, int tokens) {}

  /** Passes over all rows with something to score, small units first. */
  List<Pass> passes(List<Row> rows) {
    return passes(rows, everyPlace(rows));
  }

  /**
   * The same over some of the rows.
   *
   * @param chosen their places
   */
  List<Pass> passes(List<Row> rows, List<Integer> chosen) {
    List<Unit> units = units(rows, chosen);
    units.sort(Comparator.comparingInt(Unit::tokens));
    List<Pass> passes = new ArrayList<>();
    int start = 0;
    long tokens = 0;
    for (int end = 0; end < units.size(); end++) {
      int more = units.get(end).tokens();
      if (end > start && tokens + more > maxTokens) {
        passes.add(pass(rows, units.subList(start, end)));
        start = end;
        tokens = 0;
      }
      tokens += more;
    }
    if (start < units.size()) {
      passes.add(pass(rows, units.subList(start, units.size())));
    }
    return passes;
  }

  /** The tokens of rows in one pass, padding not counted. */
  long tokens(List<Row> rows) {
    return units(rows).stream().mapToLong(Unit::tokens).sum();
  }

  /** All rows with something to score, in parts that no pass divides. */
  List<Unit> units(List<Row> rows) {
    return units(rows, everyPlace(rows));
  }

  private static List<Integer> everyPlace(List<Row> rows) {
    return IntStream.range(0, rows.size()).boxed().toList();
  }

  private List<Unit> units(List<Row> rows, List<Integer> chosen) {
    List<Unit> units = new ArrayList<>();
    for (List<Integer> group : byPrompt(rows, chosen)) {
      int prompt = rows.get(group.get(0)).promptLength();
      int start = 0;
      int tokens = prompt;
      for (int end = 0; end < group.size(); end++) {
        int more = rows.get(group.get(end)).inputLength() - prompt;
        if (end > start && (long) tokens + more > maxTokens) {
          addUnits(rows, group.subList(start, end), units);
          start = end;
          tokens = prompt;
        }
        tokens += more;
      }
      addUnits(rows, group.subList(start, group.size()), units);
    }
    return units;
  }

  /** Adds rows of the same prompt, shared if that saves more than it costs. */
  private void addUnits(List<Row> rows, List<Integer> group, List<Unit> units) {
    int prompt = rows.get(group.get(0)).promptLength();
    long saved = (group.size() - 1L) * prompt;
    if (sharing && group.size() > 1 && saved > group.size() * blockCost) {
      int responses = group.stream().mapToInt(i -> rows.get(i).inputLength() - prompt).sum();
      units.add(new Unit(group, prompt + responses));
    } else {
      group.forEach(row -> units.add(new Unit(List.of(row), rows.get(row).inputLength())));
    }
  }

  /** Rows with something to score, those of equal prompts together, short ones first. */
  private static Collection<List<Integer>> byPrompt(List<Row> rows, List<Integer> chosen) {
    Map<IntBuffer, List<Integer>> groups = new LinkedHashMap<>();
    chosen.stream()
        .filter(i -> rows.get(i).scores() > 0)
        .sorted(Comparator.comparingInt(i -> rows.get(i).inputLength()))
        .forEach(
            i -> {
              Row row = rows.get(i);
              IntBuffer prompt = IntBuffer.wrap(row.ids(), 0, row.promptLength());
              groups.computeIfAbsent(prompt, any -> new ArrayList<>()).add(i);
            });
    return groups.values();
  }

  /** A pass whose blocks are cut as finely as the padding demands. */
  private Pass pass(List<Row> rows, List<Unit> units) {
    for (double cost = blockCost; ; cost = cost < 0.5 ? 0 : cost / 2) {
      Pass pass = pass(rows, units, cost);
      if (pass.padding() <= maxPadding * pass.tokens()) {
        return pass;
      }
    }
  }

  private static Pass pass(List<Row> rows, List<Unit> units, double cost) {
    Pass pass = new Pass(rows);
    List<Integer> single = new ArrayList<>();
    for (Unit unit : units) {
      if (unit.rows.size() > 1) {
        int prompt = rows.get(unit.rows.get(0)).promptLength();
        pass.addTree(Buckets.cut(unit.rows, row -> rows.get(row).inputLength() - prompt, cost));
      } else {
        single.addAll(unit.rows);
      }
    }
    Buckets.cut(single, row -> rows.get(row).inputLength(), cost).forEach(pass::addRows);
    return pass;
  }
}
