package io.sgpo.policy;

import java.util.Objects;

/**
 * How responses are drawn. Every draw comes from a stream keyed by (seed, row, sample), so that
 * batch size and order of work do not change it.
 *
 * @param temperature T {@code >= 0}; logits are divided by T before anything else. 0 takes the most
 *     probable token, and log-probabilities are then reported at temperature 1
 * @param topP keep the smallest set of tokens whose probability reaches this, in (0, 1]; 1 keeps
 *     all
 * @param topK keep this many most probable tokens; 0 keeps all
 * @param samplesPerPrompt draws for each prompt, {@code >= 1}
 * @param maxNewTokens the limit on new tokens, {@code >= 1}
 * @param ignoreEndOfSequence whether to go on past end-of-sequence tokens until the limit
 * @param seed the key of the random streams
 * @param role whose weights draw, of a policy that keeps some for each role
 */
public record Sampling(
    double temperature,
    double topP,
    int topK,
    int samplesPerPrompt,
    int maxNewTokens,
    boolean ignoreEndOfSequence,
    long seed,
    PolicyRole role) {

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public Sampling {
    Objects.requireNonNull(role, "role");
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and >= 0, but was " + temperature);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1], but was " + topP);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK must be >= 0, but was " + topK);
    }
    if (samplesPerPrompt < 1) {
      throw new IllegalArgumentException(
          "samplesPerPrompt must be >= 1, but was " + samplesPerPrompt);
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be >= 1, but was " + maxNewTokens);
    }
  }

  /** One unfiltered sample per prompt of the leader at temperature 1. */
  public static Sampling of(int maxNewTokens, long seed) {
    return new Sampling(1, 1, 0, 1, maxNewTokens, false, seed, PolicyRole.LEADER);
  }

  /** The most probable token at each position. */
  public static Sampling greedy(int maxNewTokens) {
    return of(maxNewTokens, 0).withTemperature(0);
  }

  public Sampling withTemperature(double value) {
    return new Sampling(
        value, topP, topK, samplesPerPrompt, maxNewTokens, ignoreEndOfSequence, seed, role);
  }

  public Sampling withTopP(double value) {
    return new Sampling(
        temperature, value, topK, samplesPerPrompt, maxNewTokens, ignoreEndOfSequence, seed, role);
  }

  public Sampling withTopK(int value) {
    return new Sampling(
        temperature, topP, value, samplesPerPrompt, maxNewTokens, ignoreEndOfSequence, seed, role);
  }

  public Sampling withSamplesPerPrompt(int value) {
    return new Sampling(
        temperature, topP, topK, value, maxNewTokens, ignoreEndOfSequence, seed, role);
  }

  public Sampling withIgnoreEndOfSequence(boolean value) {
    return new Sampling(temperature, topP, topK, samplesPerPrompt, maxNewTokens, value, seed, role);
  }

  public Sampling withSeed(long value) {
    return new Sampling(
        temperature, topP, topK, samplesPerPrompt, maxNewTokens, ignoreEndOfSequence, value, role);
  }

  public Sampling withRole(PolicyRole value) {
    return new Sampling(
        temperature, topP, topK, samplesPerPrompt, maxNewTokens, ignoreEndOfSequence, seed, value);
  }

  /** The temperature at which log-probabilities are reported: T, or 1 for greedy draws. */
  public double logProbTemperature() {
    return temperature == 0 ? 1 : temperature;
  }
}
