package io.sgpo.examples.cli;

import io.sgpo.policy.Sampling;
import picocli.CommandLine.Option;

/** How responses are drawn. */
final class SamplingOptions {

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "limit on the tokens of a response; ${DEFAULT-VALUE}")
  private int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1",
      description = "0 takes the most probable token; ${DEFAULT-VALUE}")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description = "keep the most probable tokens that reach this probability; ${DEFAULT-VALUE}")
  private double topP;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "keep this many most probable tokens, 0 for all; ${DEFAULT-VALUE}")
  private int topK;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "seed of the random streams; ${DEFAULT-VALUE}")
  private long seed;

  Sampling sampling() {
    return Sampling.of(maxNewTokens, seed)
        .withTemperature(temperature)
        .withTopP(topP)
        .withTopK(topK);
  }
}
