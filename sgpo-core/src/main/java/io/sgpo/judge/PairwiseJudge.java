package io.sgpo.judge;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Policy;
import io.sgpo.preference.ClassIdentity;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.text.Renderer;
import io.sgpo.text.Tokenizer;
import io.sgpo.train.Interruption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A language model that is shown both responses and asked which is better. With y as response A,
 *
 * <pre>
 * p₁ = P(A) / (P(A) + P(B)),
 * </pre>
 *
 * P(A) the probability that the model's answer begins with the label A, in any of the ways of
 * {@link LabelTokens}; nothing is sampled. Both orders are asked, as {@link BothOrders} says. A
 * comparison that the model cannot read, such as one longer than its context, is a failure. As
 * thread-safe as the policy.
 */
public final class PairwiseJudge implements PreferenceModel, AutoCloseable {

  private final Policy policy;
  private final LabelTokens labels;
  private final JudgeTemplate template;
  private final BothOrders judge;

  private PairwiseJudge(
      Policy policy,
      LabelTokens labels,
      JudgeTemplate template,
      BothOrders.Contradiction contradiction) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.labels = Objects.requireNonNull(labels, "labels");
    this.template = Objects.requireNonNull(template, "template");
    this.judge = BothOrders.of(this::inOrder, contradiction);
  }

  /**
   * The judge that a policy is. The policy gets token ids in response to a conversation, so it must
   * be one with that tokenizer. Closing the judge closes the policy.
   *
   * @param labels how the policy's tokenizer writes A and B
   */
  public static PairwiseJudge of(
      Policy policy,
      LabelTokens labels,
      JudgeTemplate template,
      BothOrders.Contradiction contradiction) {
    return new PairwiseJudge(policy, labels, template, contradiction);
  }

  /**
   * Loads the model folder of a judge; the caller closes it.
   *
   * @throws io.sgpo.checkpoint.CheckpointException if a file is malformed or does not fit the
   *     others
   * @throws IllegalArgumentException if the folder has no tokenizer, or one that writes A and B
   *     alike
   */
  public static PairwiseJudge load(
      Path folder,
      CausalLmOptions options,
      JudgeTemplate template,
      BothOrders.Contradiction contradiction)
      throws IOException {
    LabelTokens labels = labels(folder);
    return of(CausalLm.load(folder, options), labels, template, contradiction);
  }

  private static LabelTokens labels(Path folder) throws IOException {
    try (Renderer renderer = Renderer.load(folder)) {
      Tokenizer tokenizer =
          renderer
              .tokenizer()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          folder + ": a pairwise judge must have a tokenizer, but has none"));
      return LabelTokens.of(tokenizer);
    }
  }

  /** Reads all weights of a language model. */
  @Override
  public String identity() {
    return "pairwise %s, template %s, contradictions: %s"
        .formatted(digest(), CachedJudge.digest(template.text()), judge.contradiction());
  }

  private String digest() {
    if (policy instanceof CausalLm model) {
      return model.digest();
    }
    return policy instanceof FrozenPolicy frozen
        ? frozen.digest()
        : ClassIdentity.of(policy.getClass());
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    Interruption.check("judging");
    return judge.compare(comparisons);
  }

  /** The verdicts with the first response as A, in that order only. */
  private List<Verdict> inOrder(List<Comparison> comparisons) {
    return Bisection.answers(
        comparisons, this::verdicts, why -> new Verdict.Failure("cannot be asked: " + why));
  }

  private List<Verdict> verdicts(List<Comparison> comparisons) {
    List<Exchange> exchanges = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      Conversation question = Conversation.user(template.question(comparison));
      labels.first().forEach(way -> exchanges.add(exchange(question, way)));
      labels.second().forEach(way -> exchanges.add(exchange(question, way)));
    }
    List<LogProbs> scores = policy.logProbs(exchanges);
    int ways = labels.first().size() + labels.second().size();
    List<Verdict> verdicts = new ArrayList<>(comparisons.size());
    for (int i = 0; i < comparisons.size(); i++) {
      verdicts.add(verdict(scores.subList(i * ways, (i + 1) * ways)));
    }
    return verdicts;
  }

  private static Exchange exchange(Conversation question, Tokens way) {
    return new Exchange(question, Response.ofTokens(way));
  }

  private Verdict verdict(List<LogProbs> scores) {
    int split = labels.first().size();
    double first = logSum(scores.subList(0, split));
    double second = logSum(scores.subList(split, scores.size()));
    double probability = Sigmoid.of(first - second);
    return Double.isNaN(probability)
        ? new Verdict.Failure(
            "log P(A) and log P(B) must be numbers, one of them finite, but were %s and %s"
                .formatted(first, second))
        : Verdict.of(probability);
  }

  /** log Σ exp. */
  private static double logSum(List<LogProbs> scores) {
    double largest = scores.stream().mapToDouble(LogProbs::sum).max().orElseThrow();
    if (Double.isInfinite(largest)) {
      return largest;
    }
    return largest + Math.log(scores.stream().mapToDouble(s -> Math.exp(s.sum() - largest)).sum());
  }

  @Override
  public void close() {
    policy.close();
  }
}
