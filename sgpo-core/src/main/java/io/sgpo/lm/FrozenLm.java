package io.sgpo.lm;

import com.google.common.hash.Hashing;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.PromptEmbedder;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A language model whose weights never change. */
final class FrozenLm implements FrozenPolicy, PromptEmbedder {

  /**
   * The weights of a role.
   *
   * @param cache of their scores
   */
  private record Part(Decoder decoder, ScoreCache cache, String digest) {
    static Part of(Decoder decoder) {
      return new Part(
          decoder, new ScoreCache(decoder.options().referenceCacheTokens()), decoder.digest());
    }
  }

  private final List<Part> parts;
  private final Encoder encoder;
  private final BatchLimits limits;

  private FrozenLm(List<Part> parts, Encoder encoder, BatchLimits limits) {
    this.parts = parts;
    this.encoder = encoder;
    this.limits = limits;
  }

  /**
   * Takes over the decoders, and one hold on the encoder.
   *
   * @param decoders the leader's, and the follower's if it has weights of its own
   */
  static FrozenLm of(List<Decoder> decoders, Encoder encoder, BatchLimits limits) {
    return new FrozenLm(decoders.stream().map(Part::of).toList(), encoder, limits);
  }

  /**
   * The model that a reference is.
   *
   * @throws IllegalArgumentException if it is that of another kind of policy
   */
  static FrozenLm from(FrozenPolicy reference) {
    if (reference instanceof FrozenLm frozen) {
      return frozen;
    }
    throw new IllegalArgumentException(
        "reference must be that of a CausalLm, but was a " + reference.getClass().getName());
  }

  /** That of the leader's weights; if the follower has others, a hash of both. */
  @Override
  public String digest() {
    List<String> digests = parts.stream().map(Part::digest).distinct().toList();
    return digests.size() == 1
        ? digests.get(0)
        : Hashing.sha256()
            .hashString(String.join("\n", digests), StandardCharsets.US_ASCII)
            .toString();
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    Decoder decoder = open(sampling.role());
    Generator generator = new Generator(decoder.config(), sampling, limits, tokens -> {});
    return Inference.sample(decoder, generator, encoder, prompts, sampling);
  }

  @Override
  public SamplingSession session() {
    open(PolicyRole.LEADER);
    return new LmSession(this::open, encoder, limits, tokens -> {});
  }

  @Override
  public List<float[]> embeddings(List<? extends Prompt> prompts) {
    return Inference.embeddings(open(PolicyRole.LEADER), encoder, limits, prompts);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    return logProbs(exchanges, temperature, PolicyRole.LEADER);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature, PolicyRole role) {
    Decoder model = open(role);
    return part(role)
        .cache()
        .scores(
            Inference.rows(encoder, exchanges, temperature),
            temperature,
            rows -> Inference.score(model, limits.tokens(), rows, temperature));
  }

  private Part part(PolicyRole role) {
    return parts.get(role == PolicyRole.FOLLOWER ? parts.size() - 1 : 0);
  }

  Decoder open(PolicyRole role) {
    Decoder decoder = part(role).decoder();
    if (decoder.isClosed()) {
      throw new IllegalStateException("the reference is closed");
    }
    return decoder;
  }

  @Override
  public void close() {
    if (!parts.get(0).decoder().isClosed()) {
      parts.forEach(part -> part.decoder().close());
      encoder.release();
    }
  }
}
