package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PromptEmbedder;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batches, refilled rows, caches and mixtures of a language model's draws. */
class GenerationTest {

  private static final ModelConfig RAGGED =
      ModelConfig.llama(12, 16, 24, 2, 4, 2).withMaxPositions(24).withEndOfSequence(Set.of(1, 2));

  private static CausalLm model(ModelConfig config, CausalLmOptions options) {
    try {
      return CausalLm.create(config, null, 7, options);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<TokenPrompt> prompts(int count, int vocabulary, int maxLength) {
    SplittableRandom random = new SplittableRandom(4);
    List<TokenPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = 1 + random.nextInt(maxLength);
      prompts.add(new TokenPrompt(Tokens.of(random.ints(length, 0, vocabulary).toArray())));
    }
    return prompts;
  }

  private static List<Exchange> exchanges(List<List<Sample>> samples) {
    return samples.stream().flatMap(List::stream).map(Sample::exchange).toList();
  }

  @Test
  void everyResponseIsToldOfOnceItHasEnded() {
    List<TokenPrompt> prompts = prompts(9, 12, 14);
    Sampling sampling = Sampling.of(18, 3).withSamplesPerPrompt(2);
    List<Integer> heard = new ArrayList<>();
    try (CausalLm policy = model(RAGGED, GoldenModel.OPTIONS.withMaxBatch(4));
        FrozenPolicy reference = policy.reference();
        SamplingSession session = policy.session()) {
      policy.onResponse(heard::add);
      List<Integer> lengths =
          exchanges(policy.sample(prompts, sampling)).stream()
              .map(exchange -> exchange.response().tokens().size())
              .sorted()
              .toList();
      assertEquals(lengths, heard.stream().sorted().toList());
      session.sample(prompts, sampling);
      policy.sampleMixture(prompts, sampling, reference, 0);
      assertEquals(3 * 18, heard.size());
      reference.sample(prompts, sampling);
      assertEquals(3 * 18, heard.size(), "a reference's draws are not the model's");
    }
  }

  @Test
  void waitingPromptsTakeTheRowsOfFinishedOnesAndDrawWhatTheyWouldAlone() {
    List<TokenPrompt> prompts = prompts(24, 12, 14);
    Sampling plain = Sampling.of(18, 3).withSamplesPerPrompt(3).withTemperature(1.5);
    for (Sampling sampling : List.of(plain, plain.withTopP(0.9).withTopK(9))) {
      List<Exchange> expected = null;
      for (int[] limits : new int[][] {{4096, 256}, {4096, 1}, {4096, 5}, {4096, 16}, {30, 16}}) {
        CausalLmOptions options =
            GoldenModel.OPTIONS.withBatchTokens(limits[0]).withMaxBatch(limits[1]);
        try (CausalLm policy = model(RAGGED, options)) {
          List<List<Sample>> samples = policy.sample(prompts, sampling);
          int live = policy.decoder().liveArrays();
          assertEquals(samples, policy.sample(prompts, sampling));
          assertEquals(live, policy.decoder().liveArrays());
          List<Exchange> drawn = exchanges(samples);
          expected = expected == null ? drawn : expected;
          assertEquals(expected, drawn);
          assertScores(policy, samples, 1.5);
        }
      }
      assertTrue(
          expected.stream().mapToInt(e -> e.response().tokens().size()).distinct().count() > 5);
    }
  }

  private static void assertScores(
      CausalLm policy, List<List<Sample>> samples, double temperature) {
    List<LogProbs> scores = policy.logProbs(exchanges(samples), temperature);
    List<Sample> flat = samples.stream().flatMap(List::stream).toList();
    for (int i = 0; i < flat.size(); i++) {
      assertArrayEquals(scores.get(i).toArray(), flat.get(i).logProbs().toArray(), 1e-4);
    }
  }

  /** Tiles read prompts, and a window begins to hide something in the first or the second. */
  @Test
  void longPromptsGoOnWithTheLogProbsThatTheyScore() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    List<TokenPrompt> prompts =
        IntStream.of(130, 1, 161, 300)
            .mapToObj(length -> TokenPrompt.of(random.ints(length, 0, 40).toArray()))
            .toList();
    for (int window : new int[] {6, 130, 2048}) {
      try (CausalLm policy =
          CausalLm.create(Shapes.windowed(window), null, 5, GoldenModel.OPTIONS)) {
        Sampling sampling = Sampling.of(9, 2).withIgnoreEndOfSequence(true);
        assertScores(policy, policy.sample(prompts, sampling), 1);
        assertScores(policy, policy.sample(prompts.subList(2, 3), sampling), 1);
      }
    }
  }

  @Test
  void everyArchitectureDrawsWithTheLogProbsThatItScores() {
    for (String name : GoldenModel.NAMES) {
      try (CausalLm policy = GoldenModel.of(name).load()) {
        List<TokenPrompt> prompts = prompts(5, policy.config().vocabularySize(), 12);
        Sampling sampling =
            Sampling.of(20, 2).withSamplesPerPrompt(3).withIgnoreEndOfSequence(true);
        assertScores(policy, policy.sample(prompts, sampling), 1);
        assertScores(policy, policy.sample(prompts.subList(0, 1), sampling), 1);
        assertScores(policy, policy.sample(prompts.subList(0, 1), Sampling.greedy(20)), 1);
      }
    }
  }

  /** The head of the embedding gives the scores of all next tokens. */
  @Test
  void embeddingsAreTheLastTokensLastStates() {
    List<TokenPrompt> prompts = prompts(9, 12, 14);
    try (CausalLm policy = model(RAGGED, GoldenModel.OPTIONS);
        CausalLm narrow = model(RAGGED, GoldenModel.OPTIONS.withBatchTokens(20));
        FrozenPolicy reference = policy.reference()) {
      List<float[]> embeddings = policy.embeddings(prompts);
      List<float[]> alone = narrow.embeddings(prompts);
      List<float[]> frozen = ((PromptEmbedder) reference).embeddings(prompts);
      float[] head = new float[12 * 16];
      policy.decoder().read(policy.decoder().weight(WeightLayout.HEAD_PLACE), 0, head, head.length);
      for (int i = 0; i < prompts.size(); i++) {
        assertArrayEquals(embeddings.get(i), alone.get(i), 1e-5f);
        assertArrayEquals(embeddings.get(i), frozen.get(i));
        double[] logits = new double[12];
        for (int token = 0; token < 12; token++) {
          for (int d = 0; d < 16; d++) {
            logits[token] += head[16 * token + d] * embeddings.get(i)[d];
          }
        }
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        for (int token = 0; token < 12; token++) {
          Exchange next = new Exchange(prompts.get(i), Response.ofTokens(Tokens.of(token)));
          double expected = policy.logProbs(List.of(next)).get(0).sum();
          assertEquals(expected, logits[token] - Math.log(sum), 1e-4);
        }
      }
      assertEquals(List.of(), policy.embeddings(List.of()));
    }
  }

  @Test
  void bfloat16AndAdaptersDrawWithTheLogProbsThatTheyScore() {
    CausalLmOptions half = GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16);
    LoraOptions lora = LoraOptions.rank(3).allLinear();
    for (CausalLmOptions options :
        List.of(GoldenModel.OPTIONS.withLora(lora), half, half.withLora(lora))) {
      double tolerance = options.precision() == Precision.FLOAT32 ? 1e-4 : 0.05;
      try (CausalLm policy = model(RAGGED, options.withMaxBatch(4))) {
        train(policy);
        for (int count : new int[] {1, 9}) {
          List<List<Sample>> samples =
              policy.sample(prompts(count, 12, 14), Sampling.of(10, 3).withTopK(6));
          List<LogProbs> scores = policy.logProbs(exchanges(samples));
          for (int i = 0; i < count; i++) {
            assertArrayEquals(
                scores.get(i).toArray(), samples.get(i).get(0).logProbs().toArray(), tolerance);
          }
        }
      }
    }
  }

  @Test
  void theLimitsOfABatch() {
    BatchLimits limits = new BatchLimits(100, 16);
    assertEquals(16, limits.rows(1));
    assertEquals(16, limits.rows(25));
    assertEquals(4, limits.rows(100));
    assertEquals(1, limits.rows(1000));
  }

  /** Every token's probability under the mixture, from the scores of all one-token responses. */
  @Test
  void mixturesAreGeometricTokenByToken() {
    ModelConfig config = ModelConfig.llama(6, 16, 24, 2, 4, 2).withMaxPositions(24);
    double m = 0.3;
    double temperature = 0.8;
    Sampling sampling = Sampling.of(3, 1).withSamplesPerPrompt(2000).withTemperature(temperature);
    try (CausalLm policy = model(config, GoldenModel.OPTIONS);
        FrozenPolicy reference = policy.reference()) {
      train(policy);
      TokenPrompt prompt = TokenPrompt.of(3, 4);
      List<Sample> drawn = policy.sampleMixture(List.of(prompt), sampling, reference, m).get(0);
      double[] first = mixture(policy, reference, prompt, m, temperature);
      int[] counts = new int[first.length];
      drawn.forEach(sample -> counts[sample.exchange().response().tokens().get(0)]++);
      for (int token = 0; token < first.length; token++) {
        double deviation = Math.sqrt(first[token] * (1 - first[token]) / drawn.size());
        assertEquals(first[token], counts[token] / (double) drawn.size(), 4 * deviation);
      }
      assertScores(policy, List.of(drawn), temperature);
      for (Sample sample : drawn.subList(0, 30)) {
        int[] ids = sample.exchange().response().tokens().toArray();
        double expected = 0;
        TokenPrompt context = prompt;
        for (int id : ids) {
          expected += Math.log(mixture(policy, reference, context, m, temperature)[id]);
          context = longer(context, id);
        }
        assertEquals(expected, sample.samplingLogProb(), 1e-4);
      }
    }
  }

  private static void train(CausalLm policy) {
    Exchange target = new Exchange(TokenPrompt.of(3, 4), Response.ofTokens(Tokens.of(5, 0, 5)));
    for (int i = 0; i < 5; i++) {
      policy.step(
          List.of(TrainingGroup.of(TrainingItem.of(target))),
          Objective.supervised(),
          StepOptions.of(0.01, 1));
    }
  }

  private static TokenPrompt longer(TokenPrompt prompt, int id) {
    int[] ids = prompt.tokens().toArray();
    int[] more = Arrays.copyOf(ids, ids.length + 1);
    more[ids.length] = id;
    return TokenPrompt.of(more);
  }

  /** Extrapolated away from the reference, responses of several tokens and lengths. */
  @Test
  void scoresOfMixturesAreNormalisedTokenByToken() {
    ModelConfig config = ModelConfig.llama(6, 16, 24, 2, 4, 2).withMaxPositions(24);
    try (CausalLm policy = model(config, GoldenModel.OPTIONS);
        FrozenPolicy reference = policy.reference()) {
      train(policy);
      TokenPrompt prompt = TokenPrompt.of(3, 4);
      List<Exchange> exchanges =
          List.of(
              new Exchange(prompt, Response.ofTokens(Tokens.of(5, 0, 2))),
              new Exchange(prompt, Response.ofTokens(Tokens.of(1))),
              new Exchange(TokenPrompt.of(2), Response.ofTokens(Tokens.of(4, 4))));
      for (double m : new double[] {-0.5, 0.4}) {
        List<LogProbs> scores = policy.mixtureLogProbs(exchanges, reference, m);
        for (int i = 0; i < exchanges.size(); i++) {
          TokenPrompt context = (TokenPrompt) exchanges.get(i).prompt();
          int[] ids = exchanges.get(i).response().tokens().toArray();
          for (int t = 0; t < ids.length; t++) {
            double expected = Math.log(mixture(policy, reference, context, m, 1)[ids[t]]);
            assertEquals(expected, scores.get(i).toArray()[t], 1e-5);
            context = longer(context, ids[t]);
          }
        }
      }
    }
  }

  private static double[] mixture(
      CausalLm policy, FrozenPolicy reference, TokenPrompt prompt, double m, double temperature) {
    List<Exchange> all =
        IntStream.range(0, 6)
            .mapToObj(id -> new Exchange(prompt, Response.ofTokens(Tokens.of(id))))
            .toList();
    List<LogProbs> own = policy.logProbs(all, temperature);
    List<LogProbs> other = reference.logProbs(all, temperature);
    double[] weights =
        IntStream.range(0, 6)
            .mapToDouble(id -> Math.exp((1 - m) * own.get(id).sum() + m * other.get(id).sum()))
            .toArray();
    double sum = IntStream.range(0, 6).mapToDouble(id -> weights[id]).sum();
    return IntStream.range(0, 6).mapToDouble(id -> weights[id] / sum).toArray();
  }
}
