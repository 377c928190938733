package io.sgpo.solvers.stats;

import io.sgpo.solvers.game.SolveStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * γ_x, how much an instruction favours models over the reference, in logits: positive where they
 * tend to win. Immutable.
 *
 * <p>Estimated jointly over several models that were compared with the same reference (arXiv
 * 2404.04475, section 3), as the minimiser of
 *
 * <pre>
 * Σ_{m,x} cross-entropy(p_mx, σ(θ_m + φ_m t_mx + γ_x))
 *   + ½ Σ_m (ridge θ_m² + lengthRidge φ_m²) + ½ difficultyRidge Σ_x γ_x²,
 * </pre>
 *
 * t the {@linkplain LengthControlledWinRate length term}. With one model alone, γ_x has one
 * comparison of its own and is told apart from the noise of that comparison by its ridge only; it
 * is then not identified, and estimating it is refused.
 */
public final class InstructionDifficulty {
  private final Map<Integer, Double> difficulties;
  private final SolveStatus status;
  private final double certificate;
  private final int iterations;

  private InstructionDifficulty(
      Map<Integer, Double> difficulties, SolveStatus status, double certificate, int iterations) {
    this.difficulties = Map.copyOf(difficulties);
    this.status = status;
    this.certificate = certificate;
    this.iterations = iterations;
  }

  /**
   * Difficulties that are known, such as those of an earlier evaluation.
   *
   * @param difficulties γ_x by instruction, finite
   * @throws IllegalArgumentException if one is not finite
   */
  public static InstructionDifficulty of(Map<Integer, Double> difficulties) {
    difficulties.forEach(
        (instruction, difficulty) -> {
          if (!Double.isFinite(difficulty)) {
            throw new IllegalArgumentException(
                "difficulties must be finite, but that of instruction "
                    + instruction
                    + " was "
                    + difficulty);
          }
        });
    return new InstructionDifficulty(difficulties, SolveStatus.EXACT, 0, 0);
  }

  /**
   * Estimates difficulties from the comparisons of several models with one reference. Cost per
   * Newton step O(n k²) for n comparisons of k models.
   *
   * @param models the comparisons of each model, at least two
   * @throws IllegalArgumentException if there are fewer
   */
  public static InstructionDifficulty estimate(
      List<LengthComparisons> models, LengthControl options) {
    if (models.size() < 2) {
      throw new IllegalArgumentException(
          "difficulties must be estimated from at least 2 models, but there were "
              + models.size()
              + "; give them, or leave them out");
    }
    Map<Integer, Integer> positions = new HashMap<>();
    for (LengthComparisons model : models) {
      for (int instruction : model.instructions()) {
        positions.putIfAbsent(instruction, positions.size());
      }
    }
    int columns = 2 * models.size();
    RidgeLogistic.Fit fit = fit(models, positions, options);
    Map<Integer, Double> difficulties = new HashMap<>();
    positions.forEach(
        (instruction, position) ->
            difficulties.put(instruction, fit.coefficients()[columns + position]));
    return new InstructionDifficulty(
        difficulties, fit.status(), fit.certificate(), fit.iterations());
  }

  /** Two columns per model, its intercept and its length term, and a group per instruction. */
  private static RidgeLogistic.Fit fit(
      List<LengthComparisons> models, Map<Integer, Integer> positions, LengthControl options) {
    int rows = models.stream().mapToInt(LengthComparisons::size).sum();
    double[][] features = new double[rows][2 * models.size()];
    double[] labels = new double[rows];
    int[] groups = new int[rows];
    int row = 0;
    for (int m = 0; m < models.size(); m++) {
      LengthComparisons model = models.get(m);
      double[] terms = model.lengthTerms();
      for (int i = 0; i < terms.length; i++) {
        features[row][2 * m] = 1;
        features[row][2 * m + 1] = terms[i];
        labels[row] = model.preferences()[i];
        groups[row] = positions.getOrDefault(model.instructions()[i], -1);
        row++;
      }
    }
    double[] ridge = new double[2 * models.size() + positions.size()];
    Arrays.fill(ridge, options.difficultyRidge());
    for (int j = 0; j < 2 * models.size(); j++) {
      ridge[j] = j % 2 == 0 ? options.ridge() : options.lengthRidge();
    }
    double[] once = new double[rows];
    Arrays.fill(once, 1);
    return new RidgeLogistic(features, labels, groups, ridge)
        .fit(once, new double[ridge.length], options.limits());
  }

  /**
   * γ_x.
   *
   * @throws IllegalArgumentException if the instruction's difficulty is not known
   */
  public double of(int instruction) {
    Double difficulty = difficulties.get(instruction);
    if (difficulty == null) {
      throw new IllegalArgumentException(
          "instruction must be one whose difficulty is known, but was " + instruction);
    }
    return difficulty;
  }

  /** γ by instruction; unmodifiable. */
  public Map<Integer, Double> toMap() {
    return difficulties;
  }

  /** How the estimate ended; exact for difficulties that were given. */
  public SolveStatus status() {
    return status;
  }

  /** An upper bound on how far the estimate's objective is from its minimum, per comparison. */
  public double certificate() {
    return certificate;
  }

  /** Newton steps taken. */
  public int iterations() {
    return iterations;
  }
}
