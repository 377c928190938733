package io.sgpo.lm;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.PromptEmbedder;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.util.List;

/** A language model whose weights never change. */
final class FrozenLm implements FrozenPolicy, PromptEmbedder {

  private final Decoder decoder;
  private final Encoder encoder;
  private final BatchLimits limits;
  private final ScoreCache cache;
  private final String digest;

  /** Takes over the decoder, and one hold on the encoder. */
  FrozenLm(Decoder decoder, Encoder encoder, BatchLimits limits) {
    this.decoder = decoder;
    this.encoder = encoder;
    this.limits = limits;
    this.cache = new ScoreCache(decoder.options().referenceCacheTokens());
    this.digest = decoder.digest();
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    return Inference.sample(open(), encoder, limits, prompts, sampling);
  }

  @Override
  public List<float[]> embeddings(List<? extends Prompt> prompts) {
    return Inference.embeddings(open(), encoder, limits, prompts);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    Decoder model = open();
    return cache.scores(
        Inference.rows(encoder, exchanges, temperature),
        temperature,
        rows -> Inference.score(model, limits.tokens(), rows, temperature));
  }

  Decoder open() {
    if (decoder.isClosed()) {
      throw new IllegalStateException("the reference is closed");
    }
    return decoder;
  }

  @Override
  public void close() {
    if (!decoder.isClosed()) {
      decoder.close();
      encoder.release();
    }
  }
}
