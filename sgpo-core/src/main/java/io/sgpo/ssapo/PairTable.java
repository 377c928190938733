package io.sgpo.ssapo;

import io.sgpo.policy.LogProbs;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.RunState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The pairs that the leader may be trained on, seeds first, with what is known of each: where it
 * comes from, its label, the reference's log-probabilities, and the policy's when it was last seen.
 */
final class PairTable {

  /**
   * Where a pair comes from.
   *
   * @param code i {@code >= 0} for the i-th seed, −1 − j for the j-th annotated pair of the run
   */
  record Origin(long code) {

    static Origin seed(int index) {
      return new Origin(index);
    }

    static Origin annotated(int index) {
      return new Origin(-1L - index);
    }

    PreferencePair pair(List<PreferencePair> seeds, List<AnnotatedPair> annotated) {
      return code >= 0 ? seeds.get((int) code) : annotated.get((int) (-1 - code)).pair();
    }
  }

  /**
   * Log-probabilities of a pair's responses.
   *
   * @param chosen log π(y_w | x)
   * @param rejected log π(y_l | x)
   */
  record Scores(double chosen, double rejected) {

    static Scores of(LogProbs chosen, LogProbs rejected) {
      return new Scores(chosen.sum(), rejected.sum());
    }

    double ratio() {
      return chosen - rejected;
    }
  }

  /** The columns of the table that a state holds. */
  private enum Column {
    REFERENCE_CHOSEN,
    REFERENCE_REJECTED,
    SEEN_CHOSEN,
    SEEN_REJECTED
  }

  private final List<TrainingGroup> groups = new ArrayList<>();
  private final Map<Column, double[]> columns = new EnumMap<>(Column.class);
  private long[] origins = new long[0];
  private double[] probabilities = new double[0];

  PairTable() {
    for (Column column : Column.values()) {
      columns.put(column, new double[0]);
    }
  }

  private double[] column(Column column) {
    return Objects.requireNonNull(columns.get(column));
  }

  /**
   * A table from its state.
   *
   * @param seeds the seeds of the run
   * @param annotated the annotated pairs of the run
   */
  static PairTable of(RunState state, List<PreferencePair> seeds, List<AnnotatedPair> annotated) {
    PairTable table = new PairTable();
    for (long code : state.integers("origins")) {
      Origin origin = new Origin(code);
      table.add(origin, origin.pair(seeds, annotated), new Scores(0, 0));
    }
    for (Column column : Column.values()) {
      double[] values = state.numbers(column.name());
      System.arraycopy(values, 0, table.column(column), 0, values.length);
    }
    return table;
  }

  RunState state() {
    RunState state = new RunState().put("origins", Arrays.copyOf(origins, size()));
    for (Column column : Column.values()) {
      state.put(column.name(), Arrays.copyOf(column(column), size()));
    }
    return state;
  }

  /** Adds a pair that the policy has not seen. */
  void add(Origin origin, PreferencePair pair, Scores reference) {
    int size = groups.size();
    if (size == origins.length) {
      int capacity = Math.max(16, 2 * size);
      origins = Arrays.copyOf(origins, capacity);
      probabilities = Arrays.copyOf(probabilities, capacity);
      columns.replaceAll((column, values) -> Arrays.copyOf(values, capacity));
    }
    groups.add(TrainingGroup.of(pair));
    origins[size] = origin.code();
    probabilities[size] = pair.probability();
    set(size, Column.REFERENCE_CHOSEN, Column.REFERENCE_REJECTED, reference);
    set(size, Column.SEEN_CHOSEN, Column.SEEN_REJECTED, new Scores(Double.NaN, Double.NaN));
  }

  private void set(int pair, Column chosen, Column rejected, Scores scores) {
    column(chosen)[pair] = scores.chosen();
    column(rejected)[pair] = scores.rejected();
  }

  private Scores get(int pair, Column chosen, Column rejected) {
    return new Scores(column(chosen)[pair], column(rejected)[pair]);
  }

  int size() {
    return groups.size();
  }

  TrainingGroup group(int pair) {
    return groups.get(pair);
  }

  boolean isSeed(int pair) {
    return origins[pair] >= 0;
  }

  /** p of the pair's label. */
  double probability(int pair) {
    return probabilities[pair];
  }

  /** The reference's log-probabilities. */
  Scores reference(int pair) {
    return get(pair, Column.REFERENCE_CHOSEN, Column.REFERENCE_REJECTED);
  }

  /** The policy's log-probabilities when the pair was last seen, NaN if it never was. */
  Scores seen(int pair) {
    return get(pair, Column.SEEN_CHOSEN, Column.SEEN_REJECTED);
  }

  /** ξ = β (log π(y_w) − log π(y_l) − [log π_ref(y_w) − log π_ref(y_l)]). */
  double gap(int pair, Scores scores, double beta) {
    return beta * (scores.ratio() - reference(pair).ratio());
  }

  /** Remembers what the policy says of a pair. */
  void see(int pair, Scores scores) {
    set(pair, Column.SEEN_CHOSEN, Column.SEEN_REJECTED, scores);
  }

  /** Makes the policy as it was when the pairs were last seen their reference. */
  void rebase(int[] pairs) {
    for (int pair : pairs) {
      set(pair, Column.REFERENCE_CHOSEN, Column.REFERENCE_REJECTED, seen(pair));
    }
  }

  /** The gaps of pairs when they were last seen, NaN of those that never were. */
  double[] lastSeen(int[] pairs, double beta) {
    return IntStream.of(pairs).mapToDouble(pair -> gap(pair, seen(pair), beta)).toArray();
  }

  /** Those of the pairs that the policy has seen. */
  int[] seen(int[] pairs) {
    return IntStream.of(pairs).filter(pair -> !Double.isNaN(seen(pair).chosen())).toArray();
  }

  /** The labels of pairs. */
  double[] probabilities(int[] pairs) {
    return IntStream.of(pairs).mapToDouble(this::probability).toArray();
  }
}
