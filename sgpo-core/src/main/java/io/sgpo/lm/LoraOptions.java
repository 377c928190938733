package io.sgpo.lm;

import com.google.common.collect.ImmutableSortedSet;
import io.sgpo.policy.Streams;
import java.util.Set;

/**
 * Low-rank adaptation (Hu et al. 2021): the weights W of some linear layers are frozen, and W x
 * becomes W x + s B A x with trained A [rank, in] and B [out, rank], s = alpha / rank. B starts at
 * zero, A uniform in ±1/√in, as in PEFT. For example {@code
 * LoraOptions.rank(16).alpha(32).dropout(0.05).targets("q_proj", "v_proj")}.
 *
 * @param rank {@code >= 1}
 * @param alpha {@code > 0}; the rank unless set, so s = 1
 * @param dropout probability in [0, 1) with which an element of x does not reach A in training; 0
 *     unless set
 * @param targets the adapted linear layers, by the end of their name: {@code q_proj}, {@code
 *     mlp.up_proj}, or the whole {@code model.layers.3.self_attn.o_proj}; {@code all-linear} alone
 *     for all; none for q_proj and v_proj, as in PEFT, or for the matrix in which they are fused
 * @param rankStabilized whether s = alpha / √rank (Kalajdzievski 2023)
 * @param seed A's start and the dropped elements are functions of it; 0 unless set
 * @param perRole whether leader and follower of SLHF have such an adapter each; one for both unless
 *     set
 */
public record LoraOptions(
    int rank,
    double alpha,
    double dropout,
    Set<String> targets,
    boolean rankStabilized,
    long seed,
    boolean perRole) {

  /** No published adapter is within an order of magnitude. */
  private static final int MAX_RANK = 1 << 16;

  /** What stands for all linear layers, in PEFT too. */
  static final Set<String> ALL_LINEAR = Set.of("all-linear");

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public LoraOptions {
    targets = ImmutableSortedSet.copyOf(targets);
    if (rank < 1 || rank > MAX_RANK) {
      throw new IllegalArgumentException("rank must be in [1, " + MAX_RANK + "], but was " + rank);
    }
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("alpha must be finite and > 0, but was " + alpha);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), but was " + dropout);
    }
  }

  /** An adapter of that rank, everything else as it is unless set. */
  public static LoraOptions rank(int rank) {
    return new LoraOptions(rank, rank, 0, Set.of(), false, 0, false);
  }

  public LoraOptions alpha(double value) {
    return new LoraOptions(rank, value, dropout, targets, rankStabilized, seed, perRole);
  }

  public LoraOptions dropout(double value) {
    return new LoraOptions(rank, alpha, value, targets, rankStabilized, seed, perRole);
  }

  public LoraOptions targets(String... names) {
    return targets(Set.of(names));
  }

  LoraOptions targets(Set<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("targets must name a linear layer, but are empty");
    }
    return new LoraOptions(rank, alpha, dropout, names, rankStabilized, seed, perRole);
  }

  /** All linear layers of the decoder's layers. */
  public LoraOptions allLinear() {
    return targets(ALL_LINEAR);
  }

  public LoraOptions rankStabilized(boolean value) {
    return new LoraOptions(rank, alpha, dropout, targets, value, seed, perRole);
  }

  public LoraOptions seed(long value) {
    return new LoraOptions(rank, alpha, dropout, targets, rankStabilized, value, perRole);
  }

  public LoraOptions perRole(boolean value) {
    return new LoraOptions(rank, alpha, dropout, targets, rankStabilized, seed, value);
  }

  /** Those of the follower's adapter: another start, other dropped elements. */
  LoraOptions ofFollower() {
    return seed(Streams.key(seed, "follower"));
  }

  /** s, the factor of B A x. */
  public double scale() {
    return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
  }
}
