package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.with;

import io.sgpo.lm.LoraOptions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether {@code align} trains a new LoRA adapter in place of all weights, and which. */
final class AdapterOptions {

  private static final String RANK = "--lora-rank";
  private static final List<String> ALL_LINEAR = List.of("all-linear");

  @Option(
      names = RANK,
      paramLabel = "N",
      description = "train a LoRA adapter of this rank over frozen weights, not all weights")
  private @Nullable Integer rank;

  @Option(names = "--lora-alpha", paramLabel = "X", description = "B A x times X / rank; the rank")
  private @Nullable Double alpha;

  @Option(names = "--lora-dropout", paramLabel = "P", description = "dropout before A; 0")
  private @Nullable Double dropout;

  @Option(
      names = "--lora-targets",
      paramLabel = "NAME",
      split = ",",
      description = "adapted layers, such as k_proj or mlp.up_proj, or all-linear; as in PEFT")
  private @Nullable List<String> targets;

  @Option(
      names = "--lora-per-role",
      description = "slhf: an adapter for the leader and one for the follower, in place of one")
  private boolean perRole;

  @Option(
      names = "--recompute",
      description =
          "compute each layer again in the backward pass: about a third more time, less memory")
  private boolean recompute;

  /** Whether a training step keeps only the inputs of its layers. */
  boolean recompute() {
    return recompute;
  }

  /**
   * The new adapter, or null for none.
   *
   * @param seed of the run
   * @param adapted whether an adapter is loaded
   * @throws UsageException if the options do not fit together or are outside their domain
   */
  @Nullable LoraOptions options(long seed, boolean adapted) {
    boolean any = Stream.of(alpha, dropout, targets).anyMatch(Objects::nonNull);
    if (rank == null && (any || perRole)) {
      throw new UsageException(
          "--lora-alpha, --lora-dropout, --lora-targets and --lora-per-role need " + RANK);
    }
    if (rank != null && adapted) {
      throw new UsageException(
          "set either --adapter, which is trained on, or " + RANK + ", not both: it was " + rank);
    }
    try {
      return rank == null ? null : options(rank).seed(seed).perRole(perRole);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--lora-" + e.getMessage(), e);
    }
  }

  private LoraOptions options(int rows) {
    LoraOptions options = LoraOptions.rank(rows);
    options = with(options, alpha, LoraOptions::alpha);
    options = with(options, dropout, LoraOptions::dropout);
    if (targets == null) {
      return options;
    }
    return targets.equals(ALL_LINEAR)
        ? options.allLinear()
        : options.targets(targets.toArray(new String[0]));
  }
}
