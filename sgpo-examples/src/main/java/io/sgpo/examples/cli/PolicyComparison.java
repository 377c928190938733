package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.Streams;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.solvers.stats.JudgedCell;
import io.sgpo.solvers.stats.LengthComparisons;
import io.sgpo.solvers.stats.LengthControl;
import io.sgpo.solvers.stats.LengthControlledWinRate;
import io.sgpo.solvers.stats.PreferenceMatrixEstimate;
import io.sgpo.solvers.stats.WinRate;
import io.sgpo.train.Verdicts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All pairs of policies, judged prompt by prompt. */
final class PolicyComparison {

  /** Comparisons that are put to the judge at once. */
  static final int BATCH = 64;

  /** Hears of progress. */
  interface Progress {
    void onComparisons(long done, long total);
  }

  private final List<String> names;
  private final List<List<Exchange>> answers;
  private final PreferenceModel judge;
  private final int[] instructions;
  private final PreferenceMatrixEstimate.Builder matrix;
  private final LengthComparisons[][] lengths;
  private long undecided;

  /**
   * @param answers for every policy one exchange per prompt, the prompts in the same order
   */
  PolicyComparison(List<String> names, List<List<Exchange>> answers, PreferenceModel judge) {
    this.names = names;
    this.answers = answers;
    this.judge = judge;
    this.instructions = instructions(answers.get(0));
    this.matrix = PreferenceMatrixEstimate.builder(names);
    this.lengths = new LengthComparisons[names.size()][names.size()];
  }

  /** The same number for rows of the same prompt. */
  private static int[] instructions(List<Exchange> rows) {
    Map<Prompt, Integer> numbers = new HashMap<>();
    return rows.stream()
        .mapToInt(row -> numbers.computeIfAbsent(row.prompt(), any -> numbers.size()))
        .toArray();
  }

  /** How many comparisons there are. */
  long size() {
    return (long) names.size() * (names.size() - 1) / 2 * instructions.length;
  }

  /** How many the judge declined or failed to answer. */
  long undecided() {
    return undecided;
  }

  /** Asks the judge about every pair of policies. */
  void judge(Progress progress) {
    long done = 0;
    for (int first = 1; first < names.size(); first++) {
      for (int second = 0; second < first; second++) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int start = 0; start < instructions.length; start += BATCH) {
          verdicts.addAll(ask(first, second, start));
          progress.onComparisons(done + verdicts.size(), size());
        }
        done += verdicts.size();
        add(first, second, verdicts);
      }
    }
  }

  private List<Verdict> ask(int first, int second, int start) {
    List<Comparison> comparisons = new ArrayList<>();
    for (int row = start; row < Math.min(start + BATCH, instructions.length); row++) {
      Exchange one = answers.get(first).get(row);
      Exchange other = answers.get(second).get(row);
      comparisons.add(new Comparison(one.prompt(), one.response(), other.response()));
    }
    return Verdicts.of(judge, comparisons);
  }

  private void add(int first, int second, List<Verdict> verdicts) {
    List<Integer> decided = new ArrayList<>();
    for (int row = 0; row < verdicts.size(); row++) {
      if (verdicts.get(row) instanceof Verdict.Preference preference) {
        matrix.add(instructions[row], first, second, preference.probability());
        decided.add(row);
      } else if (verdicts.get(row) instanceof Verdict.Abstention) {
        matrix.abstain(first, second);
      } else {
        matrix.fail(first, second);
      }
    }
    undecided += verdicts.size() - decided.size();
    if (!decided.isEmpty()) {
      lengths[first][second] =
          LengthComparisons.of(
              of(decided, row -> ((Verdict.Preference) verdicts.get(row)).probability()),
              of(decided, row -> length(first, row)),
              of(decided, row -> length(second, row)),
              decided.stream().mapToInt(row -> instructions[row]).toArray());
    }
  }

  private static double[] of(List<Integer> rows, ToDoubleFunction<Integer> value) {
    return rows.stream().mapToDouble(value).toArray();
  }

  private double length(int policy, int row) {
    return Judges.length(answers.get(policy).get(row).response());
  }

  /** Writes the fields of the result. */
  void write(JsonGenerator json, int resamples, double confidence, long seed) throws IOException {
    PreferenceMatrixEstimate estimate = matrix.build(resamples, confidence, seed);
    json.writeArrayFieldStart("policies");
    for (String name : names) {
      json.writeString(name);
    }
    json.writeEndArray();
    json.writeNumberField("prompts", instructions.length);
    json.writeNumberField("confidence", confidence);
    matrix(json, "winRate", 0.5, (i, j) -> estimate.cell(i, j).rate());
    matrix(json, "lower", 0.5, (i, j) -> of(estimate.cell(i, j), WinRate::lower));
    matrix(json, "upper", 0.5, (i, j) -> of(estimate.cell(i, j), WinRate::upper));
    matrix(json, "meanPreference", 0.5, (i, j) -> estimate.cell(i, j).meanPreference());
    json.writeObjectFieldStart("lengthControlled");
    lengthControlled(json, new LengthControl().withBootstrap(resamples, confidence), seed);
    json.writeEndObject();
    matrix(json, "comparisons", 0, (i, j) -> estimate.cell(i, j).comparisons());
    matrix(json, "abstentions", 0, (i, j) -> estimate.cell(i, j).abstentions());
    matrix(json, "failures", 0, (i, j) -> estimate.cell(i, j).failures());
  }

  private static double of(JudgedCell cell, ToDoubleFunction<WinRate> value) {
    WinRate rate = cell.winRate();
    return rate == null ? Double.NaN : value.applyAsDouble(rate);
  }

  private void lengthControlled(JsonGenerator json, LengthControl options, long seed)
      throws IOException {
    int n = names.size();
    @Nullable LengthControlledWinRate[][] rates = new LengthControlledWinRate[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (lengths[i][j] != null) {
          rates[i][j] =
              LengthControlledWinRate.of(
                  lengths[i][j], options, Streams.of(seed, "length-control", i, j));
        }
      }
    }
    mirrored(json, "winRate", rates, LengthControlledWinRate::rate, LengthControlledWinRate::rate);
    mirrored(json, "lower", rates, LengthControlledWinRate::lower, LengthControlledWinRate::upper);
    mirrored(json, "upper", rates, LengthControlledWinRate::upper, LengthControlledWinRate::lower);
  }

  /** Below the diagonal the value of a pair, above it 1 − the other value of the same pair. */
  private void mirrored(
      JsonGenerator json,
      String name,
      @Nullable LengthControlledWinRate[][] rates,
      ToDoubleFunction<LengthControlledWinRate> below,
      ToDoubleFunction<LengthControlledWinRate> above)
      throws IOException {
    matrix(
        json,
        name,
        0.5,
        (i, j) -> {
          LengthControlledWinRate rate = i > j ? rates[i][j] : rates[j][i];
          if (rate == null) {
            return Double.NaN;
          }
          return i > j ? below.applyAsDouble(rate) : 1 - above.applyAsDouble(rate);
        });
  }

  /** The entry of row i and column j, which differ. */
  private interface Entry {
    double of(int i, int j);
  }

  private void matrix(JsonGenerator json, String name, double diagonal, Entry entry)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i < names.size(); i++) {
      double[] row = new double[names.size()];
      for (int j = 0; j < row.length; j++) {
        row[j] = i == j ? diagonal : entry.of(i, j);
      }
      json.writeArray(row, 0, row.length);
    }
    json.writeEndArray();
  }
}
