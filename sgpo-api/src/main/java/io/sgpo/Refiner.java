package io.sgpo;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Run-time refinement by the follower of SLHF: it sees any model's answer and improves it (arXiv
 * 2512.16626). Immutable; as thread-safe as the policy's sampling.
 *
 * <pre>{@code
 * Refinement better = Refiner.of(policy).refine(prompt, anyModelsAnswer, 3);
 * }</pre>
 */
public final class Refiner {

  /** The follower's instruction as published. */
  public static final String IMPROVE_INSTRUCTION =
      "Improve the previous answer. Phrase it as if it was the original response.";

  private static final int DEFAULT_MAX_NEW_TOKENS = 512;
  private static final double DEFAULT_TEMPERATURE = 0.9;

  private final Policy policy;
  private final String instruction;
  private final Sampling sampling;

  private Refiner(Policy policy, String instruction, Sampling sampling) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.instruction = Objects.requireNonNull(instruction, "instruction");
    this.sampling = Objects.requireNonNull(sampling, "sampling");
  }

  /** A refiner with the published instruction, temperature 0.9 and at most 512 new tokens. */
  public static Refiner of(Policy policy) {
    return new Refiner(
        policy,
        IMPROVE_INSTRUCTION,
        Sampling.of(DEFAULT_MAX_NEW_TOKENS, 0).withTemperature(DEFAULT_TEMPERATURE));
  }

  /** The same refiner with the instruction that its policy was trained with. */
  public Refiner instruction(String text) {
    return new Refiner(policy, text, sampling);
  }

  /** The same refiner with other sampling; samples per prompt must be 1. */
  public Refiner sampling(Sampling value) {
    if (value.samplesPerPrompt() != 1) {
      throw new IllegalArgumentException(
          "samplesPerPrompt must be 1 for refinement, but was " + value.samplesPerPrompt());
    }
    return new Refiner(policy, instruction, value);
  }

  /**
   * Refines an answer.
   *
   * @param prompt x
   * @param answer an answer to it, of any model
   * @param steps how often, {@code >= 1}
   */
  public Refinement refine(Prompt prompt, String answer, int steps) {
    return refine(List.of(prompt), List.of(answer), steps).get(0);
  }

  /**
   * Refines an answer to each prompt, all prompts together at every step.
   *
   * @param prompts the prompts x
   * @param answers an answer to each
   * @param steps how often, {@code >= 1}
   * @return a chain per prompt, in order
   * @throws IllegalArgumentException if the lists differ in length or {@code steps < 1}
   */
  public List<Refinement> refine(List<? extends Prompt> prompts, List<String> answers, int steps) {
    if (prompts.size() != answers.size()) {
      throw new IllegalArgumentException(
          "there must be one answer per prompt, but prompts was "
              + prompts.size()
              + " and answers was "
              + answers.size());
    }
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be >= 1, but was " + steps);
    }
    List<List<Response>> chains = new ArrayList<>();
    for (String answer : answers) {
      chains.add(new ArrayList<>(List.of(Response.of(answer))));
    }
    for (int step = 0; step < steps; step++) {
      extend(prompts, chains, sampling.withSeed(sampling.seed() + step));
    }
    List<Refinement> refinements = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      refinements.add(new Refinement(prompts.get(i), chains.get(i)));
    }
    return refinements;
  }

  private void extend(
      List<? extends Prompt> prompts, List<List<Response>> chains, Sampling stepSampling) {
    List<Prompt> followerPrompts = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      List<Response> chain = chains.get(i);
      String previous = chain.get(chain.size() - 1).text();
      followerPrompts.add(prompts.get(i).followUp(previous, instruction));
    }
    var drawn = policy.sample(followerPrompts, stepSampling);
    for (int i = 0; i < chains.size(); i++) {
      chains.get(i).add(drawn.get(i).get(0).exchange().response());
    }
  }
}
