package io.sgpo.solvers.follower;

import io.sgpo.follower.LeaderRule;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The answers of groups, merged in the order of all gaps. */
final class GroupedWorstCase implements WorstCase {
  private final GapSummary summary;
  private final double radius;
  private final WorstCase[] groups;

  /** The pairs by group: those of group 0 first. */
  private final int[] order;

  GroupedWorstCase(GapSummary summary, double radius, WorstCase[] groups, int[] order) {
    this.summary = summary;
    this.radius = radius;
    this.groups = groups;
    this.order = order;
  }

  @Override
  public Status status() {
    if (Arrays.stream(groups).anyMatch(group -> group.status() == Status.NOT_CONVERGED)) {
      return Status.NOT_CONVERGED;
    }
    Status first = groups[0].status();
    boolean alike = Arrays.stream(groups).allMatch(group -> group.status() == first);
    return alike ? first : Status.SOLVED;
  }

  @Override
  public double value() {
    return mean(WorstCase::value);
  }

  @Override
  public double dualPrice() {
    return mean(WorstCase::dualPrice);
  }

  @Override
  public double threshold() {
    return Arrays.stream(groups).mapToDouble(WorstCase::threshold).max().orElse(Double.NaN);
  }

  @Override
  public double saturation() {
    return summary.saturation(radius);
  }

  @Override
  public double certificate() {
    return mean(WorstCase::certificate);
  }

  @Override
  public int size() {
    return order.length;
  }

  @Override
  public double[] moved() {
    return merged(WorstCase::moved);
  }

  /** {@inheritDoc} The share of a group scales the gradient that the group has alone. */
  @Override
  public double[] gradient() {
    return merged(
        group -> {
          double[] gradient = group.gradient();
          double share = (double) group.size() / order.length;
          Arrays.setAll(gradient, i -> share * gradient[i]);
          return gradient;
        });
  }

  @Override
  public double[] weights(LeaderWeighting weighting) {
    return merged(group -> group.weights(weighting));
  }

  @Override
  public double[] atoms() {
    return merged(WorstCase::atoms);
  }

  @Override
  public LeaderRule leader(LeaderWeighting weighting) {
    LeaderRule[] rules = new LeaderRule[order.length];
    int[] positions = new int[order.length];
    int next = 0;
    for (WorstCase group : groups) {
      LeaderRule rule = group.leader(weighting);
      for (int i = 0; i < group.size(); i++) {
        rules[order[next]] = rule;
        positions[order[next++]] = i;
      }
    }
    return (pair, gap) -> rules[pair].coefficient(positions[pair], gap);
  }

  @Override
  public String toString() {
    return "WorstCase["
        + status()
        + ", value="
        + value()
        + ", groups="
        + groups.length
        + ", size="
        + order.length
        + "]";
  }

  private double mean(ToDoubleFunction<WorstCase> of) {
    CompensatedSum sum = new CompensatedSum();
    for (WorstCase group : groups) {
      sum.add(group.size() * of.applyAsDouble(group));
    }
    return sum.value() / order.length;
  }

  private double[] merged(Function<WorstCase, double[]> of) {
    double[] all = new double[order.length];
    int next = 0;
    for (WorstCase group : groups) {
      for (double entry : of.apply(group)) {
        all[order[next++]] = entry;
      }
    }
    return all;
  }
}
