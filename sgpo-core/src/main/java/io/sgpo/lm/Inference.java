package io.sgpo.lm;

import ai.djl.ndarray.NDManager;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Sampling and scoring, the same for the policy that is trained and for the frozen one. */
final class Inference {

  private Inference() {}

  /** Draws from a policy. */
  static List<List<Sample>> sample(
      Decoder decoder,
      Generator generator,
      Encoder encoder,
      List<? extends Prompt> prompts,
      Sampling sampling) {
    return sample(
        () -> new NextTokens(decoder, sampling),
        lanes(List.of(decoder)),
        generator,
        encoder,
        prompts);
  }

  /** Draws from the geometric mixture of a policy with a reference of the same vocabulary. */
  static List<List<Sample>> sample(
      Decoder decoder,
      Decoder reference,
      Generator generator,
      Encoder encoder,
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
    return sample(
        () -> new NextTokens(decoder, sampling, reference, mixture),
        lanes(List.of(decoder, reference)),
        generator,
        encoder,
        prompts);
  }

  /** As many lanes as weights may be read that often. */
  private static LanePlan lanes(List<Decoder> read) {
    if (!read.get(0).options().device().isCpu()) {
      return LanePlan.ONE;
    }
    return LanePlan.drawing(PyTorch.threads(), MemoryEstimate.weights(read));
  }

  private static List<List<Sample>> sample(
      Supplier<NextTokens> sources,
      LanePlan lanes,
      Generator generator,
      Encoder encoder,
      List<? extends Prompt> prompts) {
    List<int[]> ids = encoder.prompts(prompts);
    return samples(encoder, prompts, ids, generator.run(sources, lanes, ids));
  }

  /** Draws from what a source offers. */
  static List<List<Sample>> sample(
      NextTokens source, Generator generator, Encoder encoder, List<? extends Prompt> prompts) {
    List<int[]> ids = encoder.prompts(prompts);
    return samples(encoder, prompts, ids, generator.run(source, ids));
  }

  private static List<List<Sample>> samples(
      Encoder encoder, List<? extends Prompt> prompts, List<int[]> ids, List<List<Draft>> drafts) {
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

  /** The last token's last hidden state of every prompt. */
  static List<float[]> embeddings(
      Decoder decoder, Encoder encoder, BatchLimits limits, List<? extends Prompt> prompts) {
    List<int[]> ids = encoder.prompts(prompts);
    List<Integer> order =
        IntStream.range(0, ids.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> ids.get(i).length))
            .toList();
    float[][] states = new float[ids.size()][];
    for (int start = 0; start < order.size(); ) {
      Interruption.check("embedding");
      int end = start + 1;
      while (end < order.size()
          && (end + 1L - start) * ids.get(order.get(end)).length <= limits.tokens()) {
        end++;
      }
      List<Integer> members = order.subList(start, end);
      float[] flat = embeddings(decoder, PromptBatch.of(members.stream().map(ids::get).toList()));
      int size = flat.length / members.size();
      for (int i = 0; i < members.size(); i++) {
        states[members.get(i)] = Arrays.copyOfRange(flat, i * size, (i + 1) * size);
      }
      start = end;
    }
    return List.of(states);
  }

  private static float[] embeddings(Decoder decoder, PromptBatch batch) {
    try (NDManager scratch = decoder.scratch()) {
      return decoder
          .call("embeddings", false, batch.ids(scratch), batch.last(scratch))
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  static List<LogProbs> logProbs(
      Decoder decoder,
      Encoder encoder,
      int batchTokens,
      List<Exchange> exchanges,
      double temperature) {
    return score(decoder, batchTokens, rows(encoder, exchanges, temperature), temperature);
  }

  /** What is to be scored, once the temperature is known to be a temperature. */
  static List<Row> rows(Encoder encoder, List<Exchange> exchanges, double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be finite and > 0, but was " + temperature);
    }
    List<Row> rows = new ArrayList<>(exchanges.size());
    for (int i = 0; i < exchanges.size(); i++) {
      rows.add(encoder.row(exchanges.get(i), "exchange " + i));
    }
    return rows;
  }

  static List<LogProbs> score(
      Decoder decoder, int batchTokens, List<Row> rows, double temperature) {
    Packing packing = Packing.of(decoder.config(), batchTokens);
    LanePlan lanes = ScoringPasses.plan(List.of(decoder));
    return List.copyOf(Scorer.score(decoder, rows, temperature, packing, lanes));
  }
}
