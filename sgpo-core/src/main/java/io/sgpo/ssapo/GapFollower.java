package io.sgpo.ssapo;

import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.WorstCase;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.solvers.stats.EffectiveSampleSize;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Asks the follower for the worst case of the gaps and turns its answer into what the leader
 * descends.
 */
final class GapFollower {

  /** Above this saturation a run is warned of. */
  private static final double HIGH_SATURATION = 0.5;

  private final FollowerOptions options;
  private final AlignmentListener listener;
  private int warnedRound;

  GapFollower(FollowerOptions options, AlignmentListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /**
   * One solve.
   *
   * @param leader what the leader descends until the next one
   * @param metrics what there is to report
   */
  record Answer(Leader leader, Map<Metric, Double> metrics) {}

  /**
   * @throws SaturationException if the radius saturates and that is not allowed
   * @throws IllegalStateException if the scale does not hold the gaps
   */
  Answer solve(int round, double[] gaps) {
    Solved solved = solve(gaps);
    checkSaturation(round, solved.worst(), solved.epsilon(), solved.problem().largestUseful());
    return answer(solved);
  }

  /** The answer once more to gaps that were solved before; nobody is warned again. */
  Answer answer(double[] gaps) {
    return answer(solve(gaps));
  }

  private record Solved(GapProblem problem, double epsilon, WorstCase worst) {}

  private Solved solve(double[] gaps) {
    GapProblem problem = new GapProblem(options, gaps);
    double epsilon = options.radius().epsilon(problem.largestUseful());
    return new Solved(problem, epsilon, problem.solve(epsilon).orElseThrow());
  }

  private Answer answer(Solved solved) {
    return new Answer(
        leader(solved.problem(), solved.worst()), metrics(solved.worst(), solved.epsilon()));
  }

  private Leader leader(GapProblem problem, WorstCase worst) {
    LeaderRule rule = worst.leader(options.weighting());
    return options.proximal() == 0
        ? Leader.following(rule)
        : Leader.proximal(rule, options.proximal(), problem.atoms(worst));
  }

  private void checkSaturation(int round, WorstCase worst, double epsilon, double largestUseful) {
    if (worst.status() == WorstCase.Status.SATURATED) {
      if (!options.allowSaturation()) {
        throw new SaturationException(options.gapScale(), epsilon, largestUseful);
      }
      warnOnce(round, SaturationException.message(options.gapScale(), epsilon, largestUseful));
    } else if (worst.saturation() > HIGH_SATURATION) {
      warnOnce(
          round,
          "the follower's saturation should be <= %s, but was %s (epsilon %s, in units of %s)"
              .formatted(HIGH_SATURATION, worst.saturation(), epsilon, unit(options.gapScale())));
    }
  }

  private void warnOnce(int round, String message) {
    if (round != warnedRound) {
      warnedRound = round;
      listener.onWarning("round " + round + ": " + message);
    }
  }

  private Map<Metric, Double> metrics(WorstCase worst, double epsilon) {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    boolean margins = options.gapScale() == GapScale.MARGIN;
    metrics.put(margins ? Metrics.EPSILON : Metrics.EPSILON_PROBABILITY, epsilon);
    metrics.put(Metrics.SATURATION, worst.saturation());
    metrics.put(margins ? Metrics.DUAL_PRICE : Metrics.DUAL_PRICE_PROBABILITY, worst.dualPrice());
    metrics.put(Metrics.ROBUST_VALUE, worst.value());
    metrics.put(Metrics.MOVED_SHARE, mean(worst.moved()));
    double[] weights = worst.weights(options.weighting());
    metrics.put(Metrics.WEIGHT_MIN, Arrays.stream(weights).min().getAsDouble());
    metrics.put(Metrics.WEIGHT_MEAN, mean(weights));
    metrics.put(Metrics.WEIGHT_MAX, Arrays.stream(weights).max().getAsDouble());
    // (Σ w)² / (N Σ w²)
    metrics.put(Metrics.EFFECTIVE_SAMPLE_SHARE, EffectiveSampleSize.kish(weights) / weights.length);
    return metrics;
  }

  /** What a radius is measured in. */
  private static String unit(GapScale scale) {
    return scale == GapScale.MARGIN ? "margin" : "probability";
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
