package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase;
import io.sgpo.policy.Streams;
import io.sgpo.spi.Follower;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Random groups of the gaps, each with its own ball of the same radius around its own empirical
 * distribution, as arXiv 2502.18099 runs its program; the answers are merged pair by pair:
 *
 * <pre>
 * V_G(ε) = Σ_g (N_g / N) V_g(ε) ≤ V(ε)
 * </pre>
 *
 * <p>All groups share the support of the ambiguity set. With it grouping loses little (about 0.1 %
 * of V − mean at 100 a group, falling like 1/G); supports of their own would lose far more. For the
 * exact follower grouping buys nothing and is there for fidelity; for {@link LpFollower} it makes
 * the paper's program affordable.
 *
 * <p>The permutation is a function of the seed and N. The last group holds what is left. Stateless
 * and thread-safe if the inner follower is.
 */
public final class GroupedFollower implements Follower {
  /** The group size of the service {@code grouped}, the smallest of the paper's choices. */
  public static final int DEFAULT_GROUP_SIZE = 100;

  private final Follower inner;
  private final int groupSize;
  private final long seed;

  /** For service loading: exact in groups of {@value #DEFAULT_GROUP_SIZE}, seed 0. */
  public GroupedFollower() {
    this(Followers.exact(), DEFAULT_GROUP_SIZE, 0);
  }

  /**
   * Groups in front of any follower.
   *
   * @param inner solves each group
   * @param groupSize G {@code >= 1}, pairs in a group
   * @param seed of the random groups
   * @throws IllegalArgumentException if the group size is below 1
   */
  public GroupedFollower(Follower inner, int groupSize, long seed) {
    this.inner = Objects.requireNonNull(inner, "inner");
    if (groupSize < 1) {
      throw new IllegalArgumentException("groupSize must be >= 1, but was " + groupSize);
    }
    this.groupSize = groupSize;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "grouped";
  }

  @Override
  public String description() {
    return "%s(inner=%s, groupSize=%d, seed=%d)"
        .formatted(name(), inner.description(), groupSize, seed);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of the merged answer, {@code threshold} is the largest of the groups', {@code dualPrice} and
   * {@code certificate} are their means weighted by size; each pair follows the leader's rule of
   * its group. {@link io.sgpo.follower.LeaderWeighting#ATOMS} moves mass to the least gap of each
   * group. The status is {@code SATURATED} only if that of every group is.
   */
  @Override
  public WorstCase solve(double[] gaps, Ambiguity ambiguity) {
    Objects.requireNonNull(ambiguity, "ambiguity");
    double[] own = gaps.clone();
    GapSummary summary = GapSummary.checked(own, ambiguity);
    int[] order = permutation(own.length);
    WorstCase[] groups = new WorstCase[(own.length - 1) / groupSize + 1];
    for (int g = 0; g < groups.length; g++) {
      groups[g] = inner.solve(group(own, order, g), ambiguity);
    }
    return new GroupedWorstCase(summary, ambiguity.radius(), groups, order);
  }

  private double[] group(double[] gaps, int[] order, int group) {
    int start = group * groupSize;
    double[] members = new double[Math.min(groupSize, gaps.length - start)];
    for (int i = 0; i < members.length; i++) {
      members[i] = gaps[order[start + i]];
    }
    return members;
  }

  /** Fisher and Yates. */
  private int[] permutation(int size) {
    SplittableRandom random = Streams.of(seed, "follower groups");
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
