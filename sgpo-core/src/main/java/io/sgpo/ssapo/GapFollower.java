package io.sgpo.ssapo;

import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.follower.WorstCase.Status;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.GapReport.PairWeight;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.solvers.follower.LineWorstCase;
import io.sgpo.solvers.loss.PreferenceLoss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the follower for the worst case of the gaps and turns its answer into what the leader
 * descends.
 */
final class GapFollower {

  /** Above this saturation a run is warned of. */
  private static final double HIGH_SATURATION = 0.5;

  private final FollowerOptions options;
  private final PairLoss pairLoss;
  private final PreferenceLoss loss;
  private final AlignmentListener listener;
  private int warnedRound;

  /**
   * @param loss the leader's
   * @param beta β of the gaps
   */
  GapFollower(FollowerOptions options, PairLoss loss, double beta, AlignmentListener listener) {
    this.options = options;
    this.pairLoss = loss;
    this.loss = loss.of(beta);
    this.listener = listener;
  }

  /**
   * One solve.
   *
   * @param leader what the leader descends until the next one
   * @param support the support it was solved on
   * @param level how far the radius saturates
   * @param metrics what there is to report
   * @param weights what the pairs weigh, where the weighting says it
   */
  record Answer(
      Leader leader,
      Support support,
      Level level,
      Map<Metric, Double> metrics,
      List<PairWeight> weights) {}

  /**
   * How far the radius saturates.
   *
   * @param saturation ε over the largest useful radius
   * @param largestUseful the radius at which no gradient is left
   */
  private record Level(Status status, double saturation, double epsilon, double largestUseful) {}

  /** Whether it is solved on every batch by itself. */
  boolean solvesBatches() {
    return options.refresh().unit() == Refresh.Unit.BATCH;
  }

  /** Whether all gaps are solved before this step, from 0, of so many. */
  boolean isDue(int step, int steps) {
    return options.refresh().isDue(step, steps);
  }

  /** The support of these gaps. */
  Support support(LabelledGaps labelled) {
    return options.support().of(labelled);
  }

  /**
   * Solves on the gaps' own support.
   *
   * @throws SaturationException if the radius saturates and that is not allowed
   * @throws IllegalStateException if the scale does not hold the gaps
   */
  Answer solve(int round, LabelledGaps labelled) {
    Answer answer = answer(labelled);
    checkSaturation(round, answer.level());
    return answer;
  }

  /** As {@link #solve(int, LabelledGaps)}, for a batch, on the round's support. */
  Answer solve(int round, LabelledGaps labelled, Support ofRound) {
    double least = Arrays.stream(labelled.atoms()).min().getAsDouble();
    double most = Arrays.stream(labelled.atoms()).max().getAsDouble();
    Answer answer = answer(labelled, ofRound.reaching(least, most));
    checkSaturation(round, answer.level());
    return answer;
  }

  /** The answer once more to gaps that were solved before; nobody is warned again. */
  Answer answer(LabelledGaps labelled) {
    return answer(labelled, support(labelled));
  }

  private Answer answer(LabelledGaps labelled, Support support) {
    return pairLoss.isLogistic() ? transport(labelled, support) : line(labelled, support);
  }

  private Answer transport(LabelledGaps labelled, Support support) {
    GapProblem problem = new GapProblem(options, labelled, support);
    double largestUseful = problem.largestUseful();
    double epsilon = options.radius().epsilon(largestUseful);
    WorstCase worst = problem.solve(epsilon).orElseThrow();
    WeightCap cap = new WeightCap(options.weightCap(), worst.weights(options.weighting()));
    Leader leader =
        listens(worst.status())
            ? new RuleLeader(
                cap.of(worst.leader(options.weighting())),
                labelled,
                support,
                options.support().straightThrough())
            : Leader.of(loss);
    WeightReport weights = WeightReport.of(labelled, cap.weights());
    Map<Metric, Double> metrics = metrics(worst, labelled, support, epsilon);
    problem
        .surrogateGap()
        .ifPresent(
            gap -> {
              if (Double.isFinite(gap)) { // −log p is infinite at p = 0
                metrics.put(Metrics.SURROGATE_GAP, gap);
              }
            });
    metrics.putAll(weights.metrics());
    return new Answer(
        proximal(leader, problem.targets(worst)),
        support,
        new Level(worst.status(), worst.saturation(), epsilon, largestUseful),
        metrics,
        weights.pairs());
  }

  private Answer line(LabelledGaps labelled, Support support) {
    LineProblem problem = new LineProblem(loss, labelled, support);
    double largestUseful = problem.largestUseful();
    double epsilon = options.radius().epsilon(largestUseful);
    LineWorstCase worst = problem.solve(epsilon).orElseThrow();
    double saturation = epsilon == 0 ? 0 : epsilon / largestUseful;
    boolean listens = listens(worst.status());
    Leader leader =
        listens ? problem.leader(worst, options.support().straightThrough()) : Leader.of(loss);
    WeightReport weights =
        WeightReport.of(labelled, listens ? problem.weights(worst) : problem.plainWeights());
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metrics.EPSILON, epsilon);
    metrics.put(Metrics.SATURATION, saturation);
    metrics.put(Metrics.DUAL_PRICE, worst.dualPrice());
    metrics.put(Metrics.ROBUST_VALUE, worst.value());
    metrics.put(Metrics.MOVED_SHARE, labelled.mean(worst.moved()));
    metrics.put(Metrics.CLIPPED_SHARE, labelled.mean(support.clipped(labelled.atoms())));
    metrics.putAll(weights.metrics());
    return new Answer(
        proximal(leader, labelled.targets(worst.positions())),
        support,
        new Level(worst.status(), saturation, epsilon, largestUseful),
        metrics,
        weights.pairs());
  }

  /** Whether the leader descends anything else than its loss. */
  private boolean listens(Status status) {
    return status != Status.NOMINAL && options.weighting() != LeaderWeighting.UNIFORM;
  }

  private Leader proximal(Leader leader, double[] targets) {
    return options.proximal() == 0 ? leader : leader.proximal(options.proximal(), targets);
  }

  private void checkSaturation(int round, Level level) {
    GapScale scale = options.gapScale();
    if (level.status() == Status.SATURATED) {
      if (!options.allowSaturation()) {
        throw new SaturationException(scale, level.epsilon(), level.largestUseful());
      }
      warnOnce(round, SaturationException.message(scale, level.epsilon(), level.largestUseful()));
    } else if (level.saturation() > HIGH_SATURATION) {
      warnOnce(
          round,
          "the follower's saturation should be <= %s, but was %s (epsilon %s, in units of %s)"
              .formatted(HIGH_SATURATION, level.saturation(), level.epsilon(), unit(scale)));
    }
  }

  private void warnOnce(int round, String message) {
    if (round != warnedRound) {
      warnedRound = round;
      listener.onWarning("round " + round + ": " + message);
    }
  }

  private Map<Metric, Double> metrics(
      WorstCase worst, LabelledGaps labelled, Support support, double epsilon) {
    Map<Metric, Double> metrics = new LinkedHashMap<>();
    boolean margins = options.gapScale() == GapScale.MARGIN;
    metrics.put(margins ? Metrics.EPSILON : Metrics.EPSILON_PROBABILITY, epsilon);
    metrics.put(Metrics.SATURATION, worst.saturation());
    metrics.put(margins ? Metrics.DUAL_PRICE : Metrics.DUAL_PRICE_PROBABILITY, worst.dualPrice());
    metrics.put(Metrics.ROBUST_VALUE, worst.value());
    metrics.put(Metrics.MOVED_SHARE, labelled.mean(worst.moved()));
    metrics.put(Metrics.CLIPPED_SHARE, labelled.mean(support.clipped(labelled.atoms())));
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
