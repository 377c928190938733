package io.sgpo.lm;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.util.ArrayList;
import java.util.List;

/** Sampling and scoring, the same for the policy that is trained and for the frozen one. */
final class Inference {

  private Inference() {}

  /** Draws from a policy. */
  static List<List<Sample>> sample(
      Decoder decoder,
      Encoder encoder,
      BatchLimits limits,
      List<? extends Prompt> prompts,
      Sampling sampling) {
    try (NextTokens source = new NextTokens(decoder, sampling)) {
      Generator generator = new Generator(decoder.config(), sampling, limits);
      return sample(source, generator, encoder, prompts);
    }
  }

  /** Draws from the geometric mixture of a policy with a reference of the same vocabulary. */
  static List<List<Sample>> sample(
      Decoder decoder,
      Decoder reference,
      Encoder encoder,
      BatchLimits limits,
      List<? extends Prompt> prompts,
      Sampling sampling,
      double mixture) {
    int vocabulary = decoder.config().vocabularySize();
    int other = reference.config().vocabularySize();
    if (other != vocabulary) {
      throw new IllegalArgumentException(
          "the reference's vocab_size must be that of the policy, %d, but was %d"
              .formatted(vocabulary, other));
    }
    try (NextTokens source = new NextTokens(decoder, sampling, reference, mixture)) {
      Generator generator = new Generator(decoder.config(), sampling, limits);
      return sample(source, generator, encoder, prompts);
    }
  }

  private static List<List<Sample>> sample(
      NextTokens source, Generator generator, Encoder encoder, List<? extends Prompt> prompts) {
    List<int[]> ids = encoder.prompts(prompts);
    List<List<Draft>> drafts = generator.run(source, ids);
    List<List<Sample>> samples = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      List<Sample> row = new ArrayList<>();
      for (Draft draft : drafts.get(i)) {
        row.add(sample(encoder, prompts.get(i), Tokens.of(ids.get(i)), draft));
      }
      samples.add(List.copyOf(row));
    }
    return List.copyOf(samples);
  }

  private static Sample sample(Encoder encoder, Prompt prompt, Tokens promptIds, Draft draft) {
    Tokens tokens = draft.tokens();
    Response response = new Response(encoder.text(promptIds, tokens), tokens, draft.finish());
    return new Sample(new Exchange(prompt, response), draft.logProbs(), draft.samplingLogProb());
  }

  static List<LogProbs> logProbs(
      Decoder decoder,
      Encoder encoder,
      int batchTokens,
      List<Exchange> exchanges,
      double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was " + temperature);
    }
    List<Row> rows = new ArrayList<>(exchanges.size());
    for (int i = 0; i < exchanges.size(); i++) {
      rows.add(encoder.row(exchanges.get(i), "exchange " + i));
    }
    return List.copyOf(Scorer.score(decoder, rows, temperature, batchTokens));
  }
}
