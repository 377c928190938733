package io.sgpo.lm;

import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.AbstractSession;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Draws of a language model; what a call drew is kept until the next one has gone on from it. */
final class LmSession extends AbstractSession {

  private final Function<PolicyRole, Decoder> weights;
  private final Encoder encoder;
  private final BatchLimits limits;
  private final IntConsumer ended;
  private @Nullable PrefixCache prefixes;
  private long promptTokens;

  /**
   * @param weights the decoder of a role; fails once the model is closed
   * @param ended hears of the number of tokens of every response
   */
  LmSession(
      Function<PolicyRole, Decoder> weights,
      Encoder encoder,
      BatchLimits limits,
      IntConsumer ended) {
    this.weights = weights;
    this.encoder = encoder;
    this.limits = limits;
    this.ended = ended;
  }

  @Override
  protected List<List<Sample>> draw(List<? extends Prompt> prompts, Sampling sampling) {
    Decoder decoder = weights.apply(sampling.role());
    PrefixCache cache = prefixes(decoder);
    boolean complete = false;
    try (NextTokens source = new NextTokens(decoder, sampling, cache)) {
      Generator generator = new Generator(decoder.config(), sampling, limits, ended);
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
  protected void free() {
    drop();
  }
}
