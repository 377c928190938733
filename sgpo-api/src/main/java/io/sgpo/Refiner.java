package io.sgpo;

import io.sgpo.Refinement.Stop;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.Policy;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Run-time refinement by the follower of SLHF: it sees any model's answer and improves it (arXiv
 * 2512.16626). Immutable; as thread-safe as the policy's sampling.
 *
 * <pre>{@code
 * Refinement better = Refiner.of(policy).refine(prompt, anyModelsAnswer, 3);
 * Refinement best = Refiner.of(policy)
 *     .samples(4).judge(judge)
 *     .stopAtFixedPoint().stopUnlessPreferred(0.5)
 *     .refine(prompt, anyModelsAnswer, 10);
 * }</pre>
 *
 * <p>All chains take a step together. Draws are a function of the sampling's seed, the step and the
 * chain's place among those that go on, so equal calls give equal chains. A policy that keeps
 * weights for the follower draws with them. All steps of a call share one {@link SamplingSession}:
 * what is the same in the prompts of two steps, the prompt x above all, is computed once.
 */
public final class Refiner {

  /** The follower's instruction as published. */
  public static final String IMPROVE_INSTRUCTION =
      "Improve the previous answer. Phrase it as if it was the original response.";

  private final Policy policy;
  private final RefinerSettings settings;

  private Refiner(Policy policy, RefinerSettings settings) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.settings = settings;
  }

  /** A refiner with the published instruction, temperature 0.9 and at most 512 new tokens. */
  public static Refiner of(Policy policy) {
    return new Refiner(policy, new RefinerSettings());
  }

  private Refiner with(Consumer<RefinerSettings> change) {
    RefinerSettings copy = settings.copy();
    change.accept(copy);
    return new Refiner(policy, copy);
  }

  /** The same refiner with the instruction that its policy was trained with. */
  public Refiner instruction(String text) {
    Objects.requireNonNull(text, "text");
    return with(changed -> changed.instruction = text);
  }

  /** The same refiner with other sampling; samples per prompt must be 1, see {@link #samples}. */
  public Refiner sampling(Sampling value) {
    requireOne(value);
    return with(changed -> changed.sampling = value);
  }

  private static void requireOne(Sampling value) {
    if (value.samplesPerPrompt() != 1) {
      throw new IllegalArgumentException(
          "samplesPerPrompt must be 1 for refinement, but was " + value.samplesPerPrompt());
    }
  }

  /**
   * Draws that many answers at every step, of which the best is the next: the one with the highest
   * mean preference over the others if there is a {@link #judge}, else the one with the highest
   * {@link #scorer} score; of equal ones the first.
   *
   * @param value {@code >= 1}; 1 unless set
   */
  public Refiner samples(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("samples must be >= 1, but was " + value);
    }
    return with(changed -> changed.samples = value);
  }

  /** Who compares answers, for {@link #samples} and {@link #stopUnlessPreferred}. */
  public Refiner judge(PreferenceModel value) {
    Objects.requireNonNull(value, "value");
    return with(changed -> changed.judge = value);
  }

  /**
   * What scores answers, such as a reward model, for {@link #samples} without a judge and {@link
   * #stopUnlessScoreRises}.
   *
   * @param value the score of every exchange, in order
   */
  public Refiner scorer(Function<? super List<Exchange>, double[]> value) {
    Objects.requireNonNull(value, "value");
    return with(changed -> changed.scorer = value);
  }

  /** Ends a chain when the next answer has the text of the last. */
  public Refiner stopAtFixedPoint() {
    return with(changed -> changed.fixedPoint = true);
  }

  /**
   * Ends a chain, without the next answer, unless the judge says p(next ≻ last) {@code >=}
   * threshold.
   *
   * @param threshold in [0, 1]
   */
  public Refiner stopUnlessPreferred(double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold must be in [0, 1], but was " + threshold);
    }
    return with(changed -> changed.preferred = threshold);
  }

  /**
   * Ends a chain, without the next answer, unless its score is at least that of the last one plus a
   * gain.
   *
   * @param gain finite
   */
  public Refiner stopUnlessScoreRises(double gain) {
    if (!Double.isFinite(gain)) {
      throw new IllegalArgumentException("gain must be finite, but was " + gain);
    }
    return with(changed -> changed.gain = gain);
  }

  /**
   * Ends a chain after the first answer at which a rule holds.
   *
   * @param rule sees the given answer and all refinements so far
   */
  public Refiner stopWhen(Predicate<? super List<Response>> rule) {
    Objects.requireNonNull(rule, "rule");
    return with(changed -> changed.rule = rule);
  }

  /**
   * Ends a chain once that many tokens were drawn for it, all samples of its steps counted.
   *
   * @param value {@code >= 1}
   */
  public Refiner maxTokens(long value) {
    if (value < 1) {
      throw new IllegalArgumentException("maxTokens must be >= 1, but was " + value);
    }
    return with(changed -> changed.maxTokens = value);
  }

  /**
   * Refines an answer.
   *
   * @param prompt x
   * @param answer an answer to it, of any model
   * @param steps how often at most, {@code >= 1}
   * @throws IllegalStateException if what was set needs a judge or a scorer and there is none
   */
  public Refinement refine(Prompt prompt, String answer, int steps) {
    return refine(List.of(prompt), List.of(answer), steps).get(0);
  }

  /**
   * Refines an answer to each prompt, all prompts together at every step.
   *
   * @param prompts the prompts x
   * @param answers an answer to each
   * @param steps how often at most, {@code >= 1}
   * @return a chain per prompt, in order
   * @throws IllegalArgumentException if the lists differ in length or {@code steps < 1}
   * @throws IllegalStateException if what was set needs a judge or a scorer and there is none
   */
  public List<Refinement> refine(List<? extends Prompt> prompts, List<String> answers, int steps) {
    if (prompts.size() != answers.size()) {
      throw new IllegalArgumentException(
          "there must be one answer per prompt, but prompts was "
              + prompts.size()
              + " and answers was "
              + answers.size());
    }
    requireSteps(steps);
    requireJudges();
    List<RefinementChain> chains = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      chains.add(new RefinementChain(prompts.get(i), Response.of(answers.get(i))));
    }
    try (SamplingSession session = policy.session()) {
      return refine(session, chains, steps);
    }
  }

  /**
   * Lets the policy answer every prompt, with the leader's weights, and refines its answers. What
   * the policy computed for an answer is used for its first refinement.
   *
   * @param prompts the prompts x
   * @param answering how the answers are drawn, one per prompt; row i uses the stream (seed, i, 0)
   * @param steps how often at most, {@code >= 1}
   * @return a chain per prompt, in order
   * @throws IllegalArgumentException if {@code steps < 1} or there are several samples per prompt
   * @throws IllegalStateException if what was set needs a judge or a scorer and there is none
   */
  public List<Refinement> refine(List<? extends Prompt> prompts, Sampling answering, int steps) {
    requireOne(answering);
    requireSteps(steps);
    requireJudges();
    List<RefinementChain> chains = new ArrayList<>();
    try (SamplingSession session = policy.session()) {
      List<List<Sample>> answers = session.sample(prompts, answering.withRole(PolicyRole.LEADER));
      for (int i = 0; i < prompts.size(); i++) {
        chains.add(
            new RefinementChain(prompts.get(i), answers.get(i).get(0).exchange().response()));
      }
      return refine(session, chains, steps);
    }
  }

  private static void requireSteps(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be >= 1, but was " + steps);
    }
  }

  private List<Refinement> refine(
      SamplingSession session, List<RefinementChain> chains, int steps) {
    if (settings.gain != null) {
      setScores(chains);
    }
    for (int step = 0; step < steps; step++) {
      List<RefinementChain> open = chains.stream().filter(RefinementChain::isOpen).toList();
      if (!open.isEmpty()) {
        extend(session, open, step);
      }
    }
    return chains.stream().map(RefinementChain::finished).toList();
  }

  private void requireJudges() {
    if (settings.preferred != null && settings.judge == null) {
      throw new IllegalStateException("stopUnlessPreferred needs a judge, but none was set");
    }
    if (settings.gain != null && settings.scorer == null) {
      throw new IllegalStateException("stopUnlessScoreRises needs a scorer, but none was set");
    }
    if (settings.samples > 1 && settings.judge == null && settings.scorer == null) {
      throw new IllegalStateException(
          "samples > 1 needs a judge or a scorer to pick the best, but none was set: samples was "
              + settings.samples);
    }
  }

  private void setScores(List<RefinementChain> chains) {
    double[] scores = scores(chains, chains.stream().map(RefinementChain::last).toList());
    for (int i = 0; i < scores.length; i++) {
      chains.get(i).setScore(scores[i]);
    }
  }

  private double[] scores(List<RefinementChain> chains, List<Response> responses) {
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      exchanges.add(chains.get(i).exchange(responses.get(i)));
    }
    return RefinementCandidates.scores(
        Objects.requireNonNull(settings.scorer, "scorer"), exchanges);
  }

  private void extend(SamplingSession session, List<RefinementChain> open, int step) {
    List<Response> next = next(session, open, step);
    List<RefinementChain> going = new ArrayList<>();
    List<Response> taken = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) {
      RefinementChain chain = open.get(i);
      if (settings.fixedPoint && next.get(i).text().equals(chain.last().text())) {
        chain.end(Stop.FIXED_POINT);
      } else {
        going.add(chain);
        taken.add(next.get(i));
      }
    }
    endUnlessPreferred(going, taken);
    endUnlessScoreRises(going, taken);
    for (int i = 0; i < going.size(); i++) {
      if (going.get(i).isOpen()) {
        going.get(i).take(taken.get(i));
      }
    }
    open.stream().filter(RefinementChain::isOpen).forEach(this::endByRule);
  }

  /** Draws for every chain, and picks the best. */
  private List<Response> next(SamplingSession session, List<RefinementChain> open, int step) {
    List<Prompt> followerPrompts = new ArrayList<>();
    for (RefinementChain chain : open) {
      followerPrompts.add(chain.prompt().followUp(chain.last().text(), settings.instruction));
    }
    Sampling sampling =
        settings
            .sampling
            .withSeed(settings.sampling.seed() + step)
            .withSamplesPerPrompt(settings.samples)
            .withRole(PolicyRole.FOLLOWER);
    List<List<Response>> candidates = new ArrayList<>();
    List<List<Sample>> drawn = session.sample(followerPrompts, sampling);
    for (int i = 0; i < open.size(); i++) {
      List<Response> own =
          drawn.get(i).stream().map(sample -> sample.exchange().response()).toList();
      open.get(i).addTokens(own.stream().mapToLong(response -> response.tokens().size()).sum());
      candidates.add(own);
    }
    int[] best = best(open, candidates);
    List<Response> next = new ArrayList<>();
    for (int i = 0; i < best.length; i++) {
      next.add(candidates.get(i).get(best[i]));
    }
    return next;
  }

  private int[] best(List<RefinementChain> open, List<List<Response>> candidates) {
    if (settings.samples == 1) {
      return new int[open.size()];
    }
    return settings.judge != null
        ? RefinementCandidates.mostPreferred(open, candidates, settings.judge)
        : RefinementCandidates.highest(
            open, candidates, Objects.requireNonNull(settings.scorer, "scorer"));
  }

  private void endUnlessPreferred(List<RefinementChain> chains, List<Response> next) {
    if (settings.preferred == null) {
      return;
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      RefinementChain chain = chains.get(i);
      comparisons.add(new Comparison(chain.prompt(), next.get(i), chain.last()));
    }
    List<Verdict> verdicts =
        RefinementCandidates.verdicts(Objects.requireNonNull(settings.judge, "judge"), comparisons);
    for (int i = 0; i < chains.size(); i++) {
      if (!(verdicts.get(i) instanceof Verdict.Preference decided)) {
        chains.get(i).end(Stop.UNDECIDED);
      } else if (decided.probability() < settings.preferred) {
        chains.get(i).end(Stop.NOT_PREFERRED);
      }
    }
  }

  private void endUnlessScoreRises(List<RefinementChain> all, List<Response> next) {
    if (settings.gain == null) {
      return;
    }
    List<RefinementChain> chains = new ArrayList<>();
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isOpen()) {
        chains.add(all.get(i));
        responses.add(next.get(i));
      }
    }
    double[] scores = scores(chains, responses);
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] >= chains.get(i).score() + settings.gain) {
        chains.get(i).setScore(scores[i]);
      } else {
        chains.get(i).end(Stop.SCORE);
      }
    }
  }

  private void endByRule(RefinementChain chain) {
    if (settings.rule != null && settings.rule.test(chain.answers())) {
      chain.end(Stop.RULE);
    } else if (chain.tokens() >= settings.maxTokens) {
      chain.end(Stop.TOKENS);
    }
  }
}
