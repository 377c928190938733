package io.sgpo.solvers.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.solvers.Refusals;
import io.sgpo.solvers.SharedData;
import io.sgpo.solvers.game.SolveStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class LengthControlledWinRateTest {
  private static final LengthControl FEW = new LengthControl().withBootstrap(50, 0.95);
  private static final LengthControl FREE = FEW.withRidges(1e-9, 1e-9, 1e-9);

  private static SplittableRandom random() {
    return new SplittableRandom(1);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** A judge with known θ, φ and ψ, and a model whose answers differ in length by chance. */
  private record Judge(double theta, double phi, double psi) {
    LengthComparisons compare(int n, double[] difficulties, boolean hard, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] lengths = new double[n];
      double[] others = new double[n];
      Arrays.setAll(lengths, i -> 200 + 800 * random.nextDouble());
      Arrays.setAll(others, i -> 300 + 900 * random.nextDouble());
      int[] instructions = IntStream.range(0, n).toArray();
      double[] terms =
          LengthComparisons.of(new double[n], lengths, others, instructions).lengthTerms();
      double[] labels = new double[n];
      for (int i = 0; i < n; i++) {
        double p = sigmoid(theta + phi * terms[i] + psi * difficulties[i]);
        labels[i] = hard ? (random.nextDouble() < p ? 1 : 0) : p;
      }
      return LengthComparisons.of(labels, lengths, others, instructions);
    }

    /** The rate without the length term. */
    double truth(double[] difficulties) {
      return Arrays.stream(difficulties).map(g -> sigmoid(theta + psi * g)).average().orElseThrow();
    }
  }

  private static double[] difficulties(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] difficulties = new double[n];
    Arrays.setAll(difficulties, i -> random.nextGaussian());
    return difficulties;
  }

  private static InstructionDifficulty known(double[] difficulties) {
    Map<Integer, Double> map = new HashMap<>();
    for (int i = 0; i < difficulties.length; i++) {
      map.put(i, difficulties[i]);
    }
    return InstructionDifficulty.of(map);
  }

  /** Reference values: Newton's method and BFGS in NumPy and SciPy on the same eight rows. */
  @Test
  void agreesWithReferenceValues() {
    double[] preferences = {1, 0, 0.5, 0.9, 0.2, 0.7, 1, 0.35};
    double[] lengths = {120, 80, 100, 300, 40, 90, 210, 60};
    double[] others = {100, 100, 100, 150, 90, 95, 100, 130};
    int[] instructions = IntStream.range(0, 8).toArray();
    LengthComparisons rows = LengthComparisons.of(preferences, lengths, others, instructions);
    LengthControlledWinRate plain = LengthControlledWinRate.of(rows, FEW, random());
    assertEquals(0.2985823456035145, plain.intercept(), 1e-10);
    assertEquals(0.8111497535371136, plain.lengthCoefficient(), 1e-10);
    assertEquals(0.5740959228920204, plain.rate(), 1e-10);
    assertEquals(0.58125, plain.rawRate(), 1e-15);
    assertEquals(0.5, plain.shorter());
    LengthControlledWinRate hard =
        LengthControlledWinRate.of(
            rows, known(new double[] {0.5, -1, 0, 0.3, -0.2, 1.1, 0.8, -0.6}), FEW, random());
    assertEquals(0.19065889252687218, hard.intercept(), 1e-9);
    assertEquals(0.3057049295034428, hard.lengthCoefficient(), 1e-9);
    assertEquals(2.283209027325914, hard.difficultyCoefficient(), 1e-9);
    assertEquals(0.5804124946308005, hard.rate(), 1e-9);
    assertEquals(SolveStatus.CONVERGED, hard.status());
    assertTrue(hard.certificate() <= FEW.tolerance());
  }

  /** Soft labels without noise determine the parameters. */
  @Test
  void knownParametersAreRecovered() {
    double[] difficulties = difficulties(400, 3);
    Judge judge = new Judge(-0.7, 1.8, 0.6);
    LengthComparisons rows = judge.compare(400, difficulties, false, 4);
    LengthControlledWinRate found =
        LengthControlledWinRate.of(rows, known(difficulties), FREE, random());
    assertEquals(-0.7, found.intercept(), 1e-7);
    assertEquals(1.8, found.lengthCoefficient(), 1e-7);
    assertEquals(0.6, found.difficultyCoefficient(), 1e-7);
    assertEquals(judge.truth(difficulties), found.rate(), 1e-8);
    assertTrue(Math.abs(found.rawRate() - found.rate()) > 0.05, "length matters here");
  }

  /** Votes of 0 and 1: within five standard errors of about 2.2/√n each. */
  @Test
  void knownParametersAreRecoveredFromVotes() {
    double[] difficulties = difficulties(20_000, 5);
    Judge judge = new Judge(0.4, -1.2, 1.1);
    LengthComparisons rows = judge.compare(20_000, difficulties, true, 6);
    LengthControl once = new LengthControl().withBootstrap(1, 0.95);
    LengthControlledWinRate found =
        LengthControlledWinRate.of(rows, known(difficulties), once, random());
    assertEquals(0.4, found.intercept(), 0.1);
    assertEquals(-1.2, found.lengthCoefficient(), 0.2);
    assertEquals(1.1, found.difficultyCoefficient(), 0.1);
    assertEquals(judge.truth(difficulties), found.rate(), 0.02);
  }

  /** Five standard errors of a rate from 4000 votes are 0.04; the two share their noise. */
  @Test
  void lengthsThatDoNotMatterChangeNothing() {
    Judge judge = new Judge(-0.5, 0, 0);
    LengthComparisons rows = judge.compare(4000, new double[4000], true, 7);
    LengthControlledWinRate found = LengthControlledWinRate.of(rows, FEW, random());
    assertEquals(found.rawRate(), found.rate(), 0.01);
    assertEquals(judge.truth(new double[1]), found.rate(), 0.04);
    assertEquals(0, found.lengthCoefficient(), 0.25);
  }

  /** Σ (σ(η) − p) = −ridge θ: without a length term the mean fit is the raw rate. */
  @Test
  void equalLengthsGiveTheRawRate() {
    double[] preferences = {1, 0, 0.5, 0.9, 0.2, 1};
    double[] lengths = {5, 9, 100, 31, 7, 12};
    int[] instructions = {0, 1, 2, 3, 4, 5};
    LengthComparisons equal =
        LengthComparisons.of(preferences, lengths, lengths.clone(), instructions);
    LengthControlledWinRate found = LengthControlledWinRate.of(equal, FEW, random());
    assertEquals(0.6, found.rawRate(), 1e-15);
    assertEquals(-1e-3 * found.intercept(), 6 * (found.rate() - 0.6), 1e-9);
    assertEquals(0, found.lengthCoefficient());
    double[] twice = Arrays.stream(lengths).map(length -> length + 40).toArray();
    LengthComparisons longer = LengthComparisons.of(preferences, twice, lengths, instructions);
    LengthControlledWinRate constant = LengthControlledWinRate.of(longer, FEW, random());
    assertEquals(found.rate(), constant.rate(), 1e-12); // not to be told apart from the model
    assertEquals(0, constant.shorter());
    assertEquals(1, LengthControlledWinRate.of(longer.swapped(), FEW, random()).shorter());
  }

  @Test
  void exchangingTheSidesGivesTheComplement() {
    double[] difficulties = difficulties(300, 8);
    InstructionDifficulty known = known(difficulties);
    LengthComparisons rows = new Judge(-0.3, 1.2, 0.8).compare(300, difficulties, true, 9);
    LengthControlledWinRate there = LengthControlledWinRate.of(rows, known, FEW, random());
    LengthControlledWinRate back = LengthControlledWinRate.of(rows.swapped(), known, FEW, random());
    assertEquals(1, there.rate() + back.rate(), 1e-9);
    assertEquals(1, there.lower() + back.upper(), 1e-9);
    assertEquals(-there.intercept(), back.intercept(), 1e-8);
    assertEquals(there.lengthCoefficient(), back.lengthCoefficient(), 1e-8);
    assertEquals(-there.difficultyCoefficient(), back.difficultyCoefficient(), 1e-8);
    LengthControlledWinRate plain = LengthControlledWinRate.of(rows, FEW, random());
    assertEquals(
        1, plain.rate() + LengthControlledWinRate.of(rows.swapped(), FEW, random()).rate(), 1e-9);
  }

  @Test
  void aModelThatAlwaysWinsHasAFiniteFit() {
    double[] ones = new double[100];
    Arrays.fill(ones, 1);
    double[] lengths = difficulties(100, 10);
    Arrays.setAll(lengths, i -> 100 + 10 * Math.abs(lengths[i]));
    double[] hundreds = new double[100];
    Arrays.fill(hundreds, 100);
    LengthComparisons rows =
        LengthComparisons.of(ones, lengths, hundreds, IntStream.range(0, 100).toArray());
    LengthControlledWinRate found = LengthControlledWinRate.of(rows, FEW, random());
    assertEquals(SolveStatus.CONVERGED, found.status());
    assertTrue(found.rate() > 0.99 && found.rate() < 1, found::toString);
    assertTrue(found.upper() <= 1);
  }

  /** Of 60 repeated studies about 95 % must cover the true rate. */
  @Test
  void intervalsCover() {
    Judge judge = new Judge(0.5, 1.5, 0);
    LengthControl options = new LengthControl().withBootstrap(200, 0.95);
    int covered = 0;
    for (int study = 0; study < 60; study++) {
      LengthComparisons rows = judge.compare(200, new double[200], true, 100 + study);
      LengthControlledWinRate found =
          LengthControlledWinRate.of(rows, options, new SplittableRandom(study));
      double truth = sigmoid(0.5);
      covered += found.lower() <= truth && truth <= found.upper() ? 1 : 0;
    }
    assertTrue(covered >= 51 && covered <= 60, "covered " + covered + " of 60");
  }

  @Test
  void sameSeedSameInterval() {
    LengthComparisons rows = new Judge(0, 1, 0).compare(80, new double[80], true, 3);
    assertEquals(
        LengthControlledWinRate.of(rows, FEW, new SplittableRandom(4)),
        LengthControlledWinRate.of(rows, FEW, new SplittableRandom(4)));
    assertNotEquals(
        LengthControlledWinRate.of(rows, FEW, new SplittableRandom(4)),
        LengthControlledWinRate.of(rows, FEW, new SplittableRandom(5)));
  }

  /** Eight models on 200 instructions with known difficulties. */
  private static List<LengthComparisons> models(double[] difficulties) {
    List<LengthComparisons> models = new ArrayList<>();
    for (int m = 0; m < 8; m++) {
      Judge judge = new Judge(-1 + 0.3 * m, 1, 1);
      models.add(judge.compare(difficulties.length, difficulties, true, 40 + m));
    }
    return models;
  }

  @Test
  void difficultiesAreEstimatedOverSeveralModels() {
    double[] difficulties = difficulties(200, 11);
    InstructionDifficulty found = InstructionDifficulty.estimate(models(difficulties), FEW);
    assertEquals(SolveStatus.CONVERGED, found.status());
    assertTrue(found.certificate() <= FEW.tolerance());
    double product = 0;
    double squares = 0;
    double own = 0;
    for (int i = 0; i < 200; i++) {
      product += difficulties[i] * found.of(i);
      squares += found.of(i) * found.of(i);
      own += difficulties[i] * difficulties[i];
    }
    double correlation = product / Math.sqrt(squares * own);
    assertTrue(correlation > 0.75, "correlation " + correlation);
    assertEquals(200, found.toMap().size());
  }

  /** Each derivative of the joint objective vanishes, written out here once more. */
  @Test
  void theJointEstimateIsStationary() {
    double[] difficulties = difficulties(60, 12);
    List<LengthComparisons> models = models(difficulties);
    InstructionDifficulty found = InstructionDifficulty.estimate(models, FEW);
    double sum = found.toMap().values().stream().mapToDouble(g -> g).sum();
    assertEquals(0, sum, 0.05); // Σ λ_γ γ = Σ ridge θ, which is small
    double[] slopes = new double[60];
    for (LengthComparisons model : models) {
      double[] given = interceptAndLength(model, found);
      double[] terms = model.lengthTerms();
      for (int i = 0; i < 60; i++) {
        double eta = given[0] + given[1] * terms[i] + found.of(i);
        slopes[i] += sigmoid(eta) - model.preferences()[i];
      }
    }
    for (int i = 0; i < 60; i++) {
      assertEquals(0, slopes[i] + found.of(i), 1e-6);
    }
  }

  /** θ and φ of a model at ψ = 1, by Newton's method on the two of them. */
  private static double[] interceptAndLength(LengthComparisons model, InstructionDifficulty found) {
    double theta = 0;
    double phi = 0;
    double[] terms = model.lengthTerms();
    for (int iteration = 0; iteration < 60; iteration++) {
      double[] g = {1e-3 * theta, phi};
      double[] h = {1e-3, 0, 1};
      for (int i = 0; i < terms.length; i++) {
        double p = sigmoid(theta + phi * terms[i] + found.of(i));
        g[0] += p - model.preferences()[i];
        g[1] += (p - model.preferences()[i]) * terms[i];
        h[0] += p * (1 - p);
        h[1] += p * (1 - p) * terms[i];
        h[2] += p * (1 - p) * terms[i] * terms[i];
      }
      double determinant = h[0] * h[2] - h[1] * h[1];
      theta -= (h[2] * g[0] - h[1] * g[1]) / determinant;
      phi -= (h[0] * g[1] - h[1] * g[0]) / determinant;
    }
    return new double[] {theta, phi};
  }

  @Test
  void theOrderOfTheModelsDoesNotMatter() {
    double[] difficulties = difficulties(50, 13);
    List<LengthComparisons> models = models(difficulties);
    List<LengthComparisons> reversed = new ArrayList<>(models);
    Collections.reverse(reversed);
    InstructionDifficulty one = InstructionDifficulty.estimate(models, FEW);
    InstructionDifficulty other = InstructionDifficulty.estimate(reversed, FEW);
    for (int i = 0; i < 50; i++) {
      assertEquals(one.of(i), other.of(i), 1e-9);
    }
  }

  /** GPT-4 turbo favours longer answers; length control moves each model as its lengths say. */
  @Test
  void measuredPreferencesAreCorrectedInTheDirectionOfTheirLengths(TestReporter reporter)
      throws IOException {
    Map<String, LengthComparisons> models = alpacaEval();
    LengthControl options = new LengthControl().withBootstrap(20, 0.95);
    InstructionDifficulty difficulty =
        InstructionDifficulty.estimate(List.copyOf(models.values()), options);
    assertEquals(SolveStatus.CONVERGED, difficulty.status());
    assertEquals(12, models.size());
    models.forEach(
        (name, rows) -> {
          LengthControlledWinRate found =
              LengthControlledWinRate.of(rows, difficulty, options, random());
          assertEquals(SolveStatus.CONVERGED, found.status(), name);
          assertTrue(found.lengthCoefficient() > 0.5, () -> name + ": the judge favours length");
          assertTrue(found.difficultyCoefficient() > 0, name);
          assertTrue(found.lower() <= found.rate() && found.rate() <= found.upper(), name);
          if (found.shorter() > 0.7) {
            assertTrue(found.rate() > 1.4 * found.rawRate(), () -> name + " " + found);
          } else if (found.shorter() < 0.45) {
            assertTrue(found.rate() < found.rawRate(), () -> name + " " + found);
          }
          reporter.publishEntry(
              name,
              "raw %.4f controlled %.4f [%.4f, %.4f] phi %.3f psi %.3f shorter %.3f"
                  .formatted(
                      found.rawRate(),
                      found.rate(),
                      found.lower(),
                      found.upper(),
                      found.lengthCoefficient(),
                      found.difficultyCoefficient(),
                      found.shorter()));
        });
  }

  private static Map<String, LengthComparisons> alpacaEval() throws IOException {
    Map<String, Integer> lengths = new HashMap<>();
    for (JsonNode row : SharedData.rows("data/alpaca-eval/responses.jsonl.gz")) {
      String text = row.get("response").asText();
      lengths.put(key(row, row.get("model").asText()), text.codePointCount(0, text.length()));
    }
    Map<String, List<JsonNode>> byModel = new LinkedHashMap<>();
    for (JsonNode row : SharedData.rows("data/alpaca-eval/preferences.jsonl.gz")) {
      if (row.get("judge").asText().equals("gpt4-turbo-weighted")) {
        byModel.computeIfAbsent(row.get("model").asText(), m -> new ArrayList<>()).add(row);
      }
    }
    Map<String, LengthComparisons> models = new LinkedHashMap<>();
    byModel.forEach(
        (model, rows) ->
            models.put(
                model,
                LengthComparisons.of(
                    rows.stream().mapToDouble(row -> row.get("p_model").asDouble()).toArray(),
                    rows.stream().mapToDouble(row -> length(lengths, row, "model")).toArray(),
                    rows.stream().mapToDouble(row -> length(lengths, row, "reference")).toArray(),
                    rows.stream()
                        .mapToInt(row -> Integer.parseInt(row.get("id").asText().substring(3)))
                        .toArray())));
    return models;
  }

  private static double length(Map<String, Integer> lengths, JsonNode row, String side) {
    return lengths.getOrDefault(key(row, row.get(side).asText()), -1);
  }

  private static String key(JsonNode row, String model) {
    return row.get("id").asText() + ' ' + model;
  }

  @Test
  void badArgumentsAreNamed() {
    double[] one = {1};
    double[] ten = {10};
    int[] id = {7};
    LengthComparisons rows = LengthComparisons.of(one, ten, ten, id);
    assertEquals(
        "preferences must not be empty",
        Refusals.message(
            () -> LengthComparisons.of(new double[0], new double[0], new double[0], new int[0])));
    assertEquals(
        "preferences must be in [0, 1], but preference 0 was 2.0",
        Refusals.message(() -> LengthComparisons.of(new double[] {2}, ten, ten, id)));
    assertEquals(
        "lengths must have one entry per preference, 1, but had 2",
        Refusals.message(() -> LengthComparisons.of(one, new double[2], ten, id)));
    assertEquals(
        "referenceLengths must have one entry per preference, 1, but had 2",
        Refusals.message(() -> LengthComparisons.of(one, ten, new double[2], id)));
    assertEquals(
        "instructions must have one entry per preference, 1, but had 2",
        Refusals.message(() -> LengthComparisons.of(one, ten, ten, new int[2])));
    assertEquals(
        "lengths must be finite and >= 0, but length 0 was -1.0",
        Refusals.message(() -> LengthComparisons.of(one, new double[] {-1}, ten, id)));
    assertEquals(
        "lengths must be finite and >= 0, but length 0 was Infinity",
        Refusals.message(
            () -> LengthComparisons.of(one, new double[] {Double.POSITIVE_INFINITY}, ten, id)));
    assertEquals(
        "referenceLengths must be finite and >= 0, but length 0 was NaN",
        Refusals.message(() -> LengthComparisons.of(one, ten, new double[] {Double.NaN}, id)));
    assertEquals(
        "difficulties must be estimated from at least 2 models, but there were 1;"
            + " give them, or leave them out",
        Refusals.message(() -> InstructionDifficulty.estimate(List.of(rows), FEW)));
    assertEquals(
        "instruction must be one whose difficulty is known, but was 7",
        Refusals.message(
            () ->
                LengthControlledWinRate.of(
                    rows, InstructionDifficulty.of(Map.of(8, 1.0)), FEW, random())));
    assertEquals(
        "difficulties must be finite, but that of instruction 8 was NaN",
        Refusals.message(() -> InstructionDifficulty.of(Map.of(8, Double.NaN))));
    assertEquals(
        "lengthRidge must be finite and > 0, but was 0.0",
        Refusals.message(() -> FEW.withRidges(1, 0, 1)));
    assertEquals(
        "ridge must be finite and > 0, but was 0.0",
        Refusals.message(() -> FEW.withRidges(0, 1, 1)));
    assertEquals(
        "difficultyRidge must be finite and > 0, but was Infinity",
        Refusals.message(() -> FEW.withRidges(1, 1, Double.POSITIVE_INFINITY)));
    assertEquals(
        "resamples must be >= 1, but was 0",
        Refusals.message(() -> new LengthControl(1, 1, 1, 1, 1, 0, 0.5)));
    Refusals.message(() -> new LengthControl(1, 1, 1, 1, 1, 1, 1.5));
    assertEquals(
        "tolerance must be finite and >= 0, but was Infinity",
        Refusals.message(() -> new LengthControl(1, 1, 1, 1, Double.POSITIVE_INFINITY, 1, 0.5)));
    assertEquals(
        "tolerance must be finite and >= 0, but was -1.0",
        Refusals.message(() -> new LengthControl(1, 1, 1, 1, -1, 1, 0.5)));
    assertEquals(
        "iterations must be >= 1, but was 0",
        Refusals.message(() -> new LengthControl(1, 1, 1, 0, 1, 1, 0.5)));
  }

  @Test
  void aFitThatRanOutOfIterationsSaysSo() {
    LengthComparisons rows = new Judge(1, 1, 0).compare(50, new double[50], true, 3);
    LengthControl hasty = new LengthControl(1e-3, 1, 1, 1, 0, 10, 0.95);
    LengthControlledWinRate found = LengthControlledWinRate.of(rows, hasty, random());
    assertEquals(SolveStatus.ITERATION_LIMIT, found.status());
    assertEquals(1, found.iterations());
    assertTrue(found.certificate() > 1e-20);
  }

  /** Whatever the number of rows, a mean of equal differences may not round into a deviation. */
  @Test
  void equalDifferencesOfLengthExplainNothing() {
    for (int n : new int[] {2, 5, 7, 10, 100}) {
      double[] preferences = new double[n];
      Arrays.fill(preferences, 1);
      double[] lengths = new double[n];
      Arrays.fill(lengths, 21);
      double[] others = new double[n];
      Arrays.fill(others, 20);
      int[] instructions = IntStream.range(0, n).toArray();
      double[] terms =
          LengthComparisons.of(preferences, lengths, others, instructions).lengthTerms();
      assertArrayEquals(new double[n], terms);
    }
  }
}
