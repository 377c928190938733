package io.sgpo.lm;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Draws of a language model; what a call drew is kept until the next one has gone on from it. */
final class LmSession implements SamplingSession {

  private final Function<PolicyRole, Decoder> weights;
  private final Encoder encoder;
  private final BatchLimits limits;
  private @Nullable PrefixCache prefixes;
  private long promptTokens;
  private boolean closed;

  /**
   * @param weights the decoder of a role; fails once the model is closed
   */
  LmSession(Function<PolicyRole, Decoder> weights, Encoder encoder, BatchLimits limits) {
    this.weights = weights;
    this.encoder = encoder;
    this.limits = limits;
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    Decoder decoder = weights.apply(sampling.role());
    PrefixCache cache = prefixes(decoder);
    boolean complete = false;
    try (NextTokens source = new NextTokens(decoder, sampling, cache)) {
      Generator generator = new Generator(decoder.config(), sampling, limits);
      List<List<Sample>> samples = Inference.sample(source, generator, encoder, prompts);
      promptTokens += source.promptTokens();
      cache.end();
      complete = true;
      return samples;
    } finally {
      if (!complete) {
        drop();
      }
    }
  }

  /** Those of the last call if the same weights drew it, else none. */
  private PrefixCache prefixes(Decoder decoder) {
    if (prefixes != null && prefixes.isOf(decoder)) {
      return prefixes;
    }
    drop();
    MemoryEstimate memory = MemoryEstimate.of(decoder.layout(), decoder.options());
    prefixes = new PrefixCache(decoder, memory.keptTokens(decoder.options(), decoder.holdings()));
    return prefixes;
  }

  private void drop() {
    if (prefixes != null) {
      prefixes.close();
      prefixes = null;
    }
  }

  /** Tokens of prompts that went through the model in all calls, padding included; for tests. */
  long promptTokens() {
    return promptTokens;
  }

  /** Tokens whose keys and values are kept; for tests. */
  long keptTokens() {
    return prefixes == null ? 0 : prefixes.size();
  }

  @Override
  public void close() {
    closed = true;
    drop();
  }
}
