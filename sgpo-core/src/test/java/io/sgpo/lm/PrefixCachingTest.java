package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Refiner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.Holdings.Part;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Policy;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import io.sgpo.text.TestTokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions, whose prompts go on from what the session has drawn. */
class PrefixCachingTest {

  private static final ModelConfig CONFIG =
      ModelConfig.llama(40, 16, 24, 2, 4, 2).withMaxPositions(128).withEndOfSequence(Set.of(1));

  private static final Tokens INSTRUCTION = Tokens.of(7, 9, 30, 31, 2);
  private static final Sampling LEADER = Sampling.of(24, 3).withTemperature(1.2);
  private static final Sampling FOLLOWER = Sampling.of(16, 4).withTemperature(1.2);

  private static CausalLm model(CausalLmOptions options) {
    try {
      return CausalLm.create(CONFIG, null, 7, options);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<TokenPrompt> prompts(int count, int vocabulary) {
    SplittableRandom random = new SplittableRandom(4);
    List<TokenPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = 1 + random.nextInt(30);
      prompts.add(TokenPrompt.of(random.ints(length, 0, vocabulary).toArray()));
    }
    return prompts;
  }

  private static Tokens all(Exchange exchange) {
    return ((TokenPrompt) exchange.prompt()).tokens().concat(exchange.response().tokens());
  }

  /** Every prompt and answer, and the instruction after them. */
  private static List<TokenPrompt> followUps(List<List<Sample>> samples) {
    return flat(samples).stream()
        .map(sample -> new TokenPrompt(all(sample.exchange()).concat(INSTRUCTION)))
        .toList();
  }

  private static <T> List<T> flat(List<List<T>> lists) {
    return lists.stream().flatMap(List::stream).toList();
  }

  private static LmSession open(Policy policy) {
    return (LmSession) policy.session();
  }

  private static void assertSame(
      List<List<Sample>> expected, List<List<Sample>> actual, double tolerance) {
    List<Sample> plain = flat(expected);
    List<Sample> reused = flat(actual);
    assertEquals(
        plain.stream().map(Sample::exchange).toList(),
        reused.stream().map(Sample::exchange).toList());
    for (int i = 0; i < plain.size(); i++) {
      assertArrayEquals(
          plain.get(i).logProbs().toArray(), reused.get(i).logProbs().toArray(), tolerance);
      assertEquals(plain.get(i).samplingLogProb(), reused.get(i).samplingLogProb(), 16 * tolerance);
    }
  }

  /** Several samples a prompt and row limits that make finished rows be refilled. */
  @Test
  void followersDrawWhatTheyWouldDrawWithoutASession() {
    for (int[] limits : new int[][] {{4096, 256}, {4096, 5}, {90, 16}}) {
      CausalLmOptions options =
          GoldenModel.OPTIONS.withBatchTokens(limits[0]).withMaxBatch(limits[1]);
      try (CausalLm policy = model(options);
          FrozenPolicy reference = policy.reference()) {
        for (Policy drawing : List.of(policy, reference)) {
          Sampling leading = LEADER.withSamplesPerPrompt(3);
          Sampling following = FOLLOWER.withSamplesPerPrompt(2);
          List<List<Sample>> answers = policy.sample(prompts(6, 40), leading);
          List<List<Sample>> improved = policy.sample(followUps(answers), following);
          try (LmSession session = open(drawing)) {
            assertEquals(answers, session.sample(prompts(6, 40), leading));
            assertSame(improved, session.sample(followUps(answers), following), 1e-4);
          }
        }
      }
    }
  }

  /** One row at a time, so that nothing is padded. */
  @Test
  void onlyTheTokensAfterTheCommonBeginningAreRead() {
    try (CausalLm policy = model(GoldenModel.OPTIONS.withMaxBatch(1));
        LmSession session = open(policy)) {
      List<TokenPrompt> prompts = prompts(9, 40);
      List<List<Sample>> answers = session.sample(prompts, LEADER);
      long ofPrompts = prompts.stream().mapToLong(prompt -> prompt.tokens().size()).sum();
      assertEquals(ofPrompts, session.promptTokens());
      long kept = flat(answers).stream().mapToLong(s -> all(s.exchange()).size() - 1).sum();
      assertEquals(kept, session.keptTokens());
      List<List<Sample>> improved = session.sample(followUps(answers), FOLLOWER);
      // The last token that the leader drew has not been read by then.
      assertEquals(9L * (1 + INSTRUCTION.size()), session.promptTokens() - ofPrompts);
      List<Sample> last = flat(improved);
      assertEquals(
          last.stream().mapToLong(s -> all(s.exchange()).size() - 1).sum(), session.keptTokens());
    }
  }

  /** Text that is tokenised again need not give the ids that were drawn. */
  @Test
  void refinementOfConversationsGivesTheSameChains(@TempDir Path folder) throws IOException {
    TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(358));
    ModelConfig config = ModelConfig.llama(360, 16, 24, 2, 4, 2).withMaxPositions(512);
    try (CausalLm policy = CausalLm.create(config, folder, 1, GoldenModel.OPTIONS)) {
      List<Prompt> prompts = new ArrayList<>();
      for (String text : List.of("why?", "the other thing", "and then, what?")) {
        prompts.add(Conversation.user(text));
      }
      List<List<String>> chains = new ArrayList<>();
      for (Policy drawing : List.of(policy, withoutSessions(policy))) {
        chains.add(
            Refiner.of(drawing).sampling(FOLLOWER).refine(prompts, LEADER, 2).stream()
                .flatMap(chain -> chain.answers().stream().map(Response::text))
                .toList());
      }
      assertEquals(9, chains.get(0).size());
      assertEquals(chains.get(1), chains.get(0));
    }
  }

  private static Policy withoutSessions(Policy policy) {
    return new Policy() {
      @Override
      public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
        return policy.sample(prompts, sampling);
      }

      @Override
      public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
        return policy.logProbs(exchanges, temperature);
      }

      @Override
      public void close() {}
    };
  }

  /** As where a template renders an earlier turn otherwise, or drops it. */
  @Test
  void promptsGoOnFromAsMuchAsIsTheSame() {
    SplittableRandom random = new SplittableRandom(11);
    try (CausalLm policy = model(GoldenModel.OPTIONS.withMaxBatch(1));
        LmSession session = open(policy)) {
      List<List<Sample>> answers = session.sample(prompts(12, 40), LEADER);
      List<int[]> kept =
          flat(answers).stream()
              .map(sample -> all(sample.exchange()).toArray())
              .map(ids -> Arrays.copyOf(ids, ids.length - 1))
              .toList();
      List<TokenPrompt> next = new ArrayList<>();
      long expected = 0;
      for (int i = 0; i < 40; i++) {
        int[] ids = kept.get(random.nextInt(kept.size()));
        int same = random.nextInt(ids.length + 1);
        int[] prompt = Arrays.copyOf(ids, same + 1 + random.nextInt(20));
        for (int t = same; t < prompt.length; t++) {
          prompt[t] = random.nextInt(40);
        }
        next.add(TokenPrompt.of(prompt));
        expected += unread(kept, prompt);
      }
      long before = session.promptTokens();
      assertSame(policy.sample(next, FOLLOWER), session.sample(next, FOLLOWER), 1e-4);
      assertEquals(expected, session.promptTokens() - before);
    }
  }

  private static int unread(List<int[]> kept, int[] prompt) {
    int longest = 0;
    for (int[] ids : kept) {
      int mismatch = Arrays.mismatch(ids, prompt);
      longest = Math.max(longest, mismatch < 0 ? ids.length : mismatch);
    }
    int same = Math.min(longest, prompt.length - 1);
    return 8 * same < prompt.length ? prompt.length : prompt.length - same;
  }

  /** Sliding windows, biases, norms of queries and keys, rope scalings: log-probs as scored. */
  @Test
  void everyArchitectureGoesOn() {
    for (String name : GoldenModel.NAMES) {
      try (CausalLm policy = GoldenModel.of(name).load();
          LmSession session = open(policy)) {
        List<TokenPrompt> prompts = prompts(5, policy.config().vocabularySize());
        Sampling sampling = Sampling.of(9, 2).withSamplesPerPrompt(2).withIgnoreEndOfSequence(true);
        List<TokenPrompt> next = followUps(session.sample(prompts, sampling));
        long before = session.promptTokens();
        List<List<Sample>> samples = session.sample(next, sampling);
        assertEquals(10L * (1 + INSTRUCTION.size()), session.promptTokens() - before);
        assertScores(policy, samples, 1e-4);
        assertSame(policy.sample(next, sampling), samples, 1e-4);
      }
    }
  }

  private static void assertScores(CausalLm policy, List<List<Sample>> samples, double tolerance) {
    List<Sample> drawn = flat(samples);
    List<LogProbs> scores = policy.logProbs(drawn.stream().map(Sample::exchange).toList());
    for (int i = 0; i < drawn.size(); i++) {
      assertArrayEquals(scores.get(i).toArray(), drawn.get(i).logProbs().toArray(), tolerance);
    }
  }

  @Test
  void bfloat16AndAdaptersGoOn() {
    CausalLmOptions half = GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16);
    LoraOptions lora = LoraOptions.rank(3).allLinear();
    for (CausalLmOptions options :
        List.of(GoldenModel.OPTIONS.withLora(lora), half, half.withLora(lora))) {
      double tolerance = options.precision() == Precision.FLOAT32 ? 1e-4 : 0.05;
      try (CausalLm policy = model(options);
          LmSession session = open(policy)) {
        train(policy);
        Sampling sampling = Sampling.of(12, 3);
        List<TokenPrompt> next = followUps(session.sample(prompts(6, 40), sampling));
        long before = session.promptTokens();
        assertScores(policy, session.sample(next, sampling), tolerance);
        assertEquals(6L * (1 + INSTRUCTION.size()), session.promptTokens() - before);
      }
    }
  }

  /** In bfloat16 too, what is read beside rows that go on is rounded as alone. */
  @Test
  void whatIsReadBesideWhatGoesOnIsRoundedAsAlone() throws IOException {
    ModelConfig config = ModelConfig.llama(40, 64, 96, 4, 4, 2).withMaxPositions(512);
    CausalLmOptions options = GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16);
    try (CausalLm policy = CausalLm.create(config, null, 7, options);
        LmSession session = open(policy)) {
      Sampling one = Sampling.of(1, 3);
      List<List<Sample>> drawn = session.sample(prompts(6, 40), Sampling.of(160, 3));
      List<TokenPrompt> next = new ArrayList<>(followUps(drawn));
      int first = next.size();
      for (int length = 2; length < 10; length++) {
        next.add(TokenPrompt.of(new SplittableRandom(length).ints(length, 0, 40).toArray()));
      }
      List<Sample> alone = flat(policy.sample(next, one));
      List<Sample> beside = flat(session.sample(next, one));
      for (int i = first; i < next.size(); i++) {
        assertEquals(alone.get(i).exchange(), beside.get(i).exchange());
        assertEquals(alone.get(i).logProbs().sum(), beside.get(i).logProbs().sum(), 1e-6);
      }
    }
  }

  private static void train(CausalLm policy) {
    Exchange target = new Exchange(TokenPrompt.of(3, 4), Response.ofTokens(Tokens.of(5, 0, 5)));
    policy.step(
        List.of(TrainingGroup.of(TrainingItem.of(target))),
        Objective.supervised(),
        StepOptions.of(0.05, 1));
  }

  /** After a step, of all weights or of an adapter, and after a restored state. */
  @Test
  void nothingIsUsedThatOtherWeightsComputed(@TempDir Path directory) throws IOException {
    for (LoraOptions lora : new LoraOptions[] {null, LoraOptions.rank(3)}) {
      try (CausalLm policy = model(GoldenModel.OPTIONS.withLora(lora));
          LmSession session = open(policy)) {
        Path state = directory.resolve("state-" + (lora == null ? "all" : "adapter"));
        List<TokenPrompt> next = followUps(session.sample(prompts(6, 40), LEADER));
        train(policy);
        assertEquals(policy.sample(next, FOLLOWER), session.sample(next, FOLLOWER));
        policy.captureState(state);
        session.sample(prompts(6, 40), LEADER);
        policy.restoreState(state);
        assertEquals(policy.sample(next, FOLLOWER), session.sample(next, FOLLOWER));
      }
    }
  }

  @Test
  void aFollowerWithWeightsOfItsOwnReadsItsWholePrompts() {
    LoraOptions lora = LoraOptions.rank(2).allLinear().perRole(true);
    Sampling following = FOLLOWER.withRole(PolicyRole.FOLLOWER);
    try (CausalLm policy = model(GoldenModel.OPTIONS.withLora(lora));
        LmSession session = open(policy)) {
      policy.step(
          List.of(
              TrainingGroup.of(
                  new TrainingItem(
                      new Exchange(TokenPrompt.of(3), Response.ofTokens(Tokens.of(5, 0))),
                      PolicyRole.FOLLOWER))),
          Objective.supervised(),
          StepOptions.of(0.05, 1));
      List<TokenPrompt> next = followUps(session.sample(prompts(6, 40), LEADER));
      List<List<Sample>> expected = policy.sample(next, following);
      assertEquals(expected, session.sample(next, following));
      assertNotEquals(expected, policy.sample(next, FOLLOWER));
    }
  }

  /** Draws beside a session, of mixtures too, neither use nor disturb it. */
  @Test
  void aDrawDependsOnItsSessionAlone() {
    try (CausalLm policy = model(GoldenModel.OPTIONS);
        FrozenPolicy reference = policy.reference();
        LmSession one = open(policy);
        LmSession other = open(policy)) {
      List<TokenPrompt> next = followUps(one.sample(prompts(6, 40), LEADER));
      List<List<Sample>> plain = policy.sample(next, FOLLOWER);
      List<List<Sample>> mixed = policy.sampleMixture(next, FOLLOWER, reference, 0.5);
      List<List<Sample>> first = one.sample(next, FOLLOWER);
      assertSame(plain, mixed, 1e-4);
      assertEquals(mixed, policy.sampleMixture(next, FOLLOWER, reference, 0.5));
      assertEquals(plain, policy.sample(next, FOLLOWER));
      other.sample(prompts(6, 40), LEADER);
      assertEquals(first, other.sample(next, FOLLOWER));
    }
  }

  /** Rows for whose keys and values there is no room are computed again. */
  @Test
  void whatIsKeptIsBoundedByTheMemoryLimit() {
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(400);
    MemoryEstimate memory = MemoryEstimate.of(CONFIG, options);
    Holdings none = new Holdings();
    long perToken = memory.session() / 1600;
    assertEquals(2 * 2 * 2 * 4 * Float.BYTES, perToken);
    assertEquals(1600, memory.keptTokens(options, none));
    for (long tokens : new long[] {0, 70, 100}) {
      CausalLmOptions limited = options.withMemoryLimit(memory.inference() + tokens * perToken);
      assertEquals(tokens, memory.keptTokens(limited, none));
      try (CausalLm policy = model(limited);
          LmSession session = open(policy)) {
        List<TokenPrompt> next = followUps(session.sample(prompts(9, 40), LEADER));
        assertTrue(session.keptTokens() <= tokens, () -> "kept " + session.keptTokens());
        assertEquals(tokens > 0, session.keptTokens() > 0);
        assertSame(policy.sample(next, FOLLOWER), session.sample(next, FOLLOWER), 1e-4);
        assertTrue(session.keptTokens() <= tokens, () -> "kept " + session.keptTokens());
      }
    }
  }

  /** A run that goes on after a kill holds references and moments as before, and keeps the same. */
  @Test
  void referencesAndMomentsLeaveLessRoom() {
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(400);
    MemoryEstimate memory = MemoryEstimate.of(CONFIG, options);
    long perToken = memory.session() / 1600;
    CausalLmOptions limited = options.withMemoryLimit(memory.inference() + 100 * perToken);
    Holdings held = new Holdings();
    held.add(Part.REFERENCES, 30 * perToken);
    assertEquals(70, memory.keptTokens(limited, held));
    held.add(Part.MOMENTS, 20 * perToken);
    assertEquals(50, memory.keptTokens(limited, held));
    held.add(Part.PACKED, 20 * perToken);
    held.add(Part.SESSIONS, 20 * perToken);
    assertEquals(50, memory.keptTokens(limited, held));
    held.add(Part.MOMENTS, 60 * perToken);
    assertEquals(0, memory.keptTokens(limited, held));
  }

  @Test
  void aStepCountsWhatOpenSessionsKeep() {
    CausalLmOptions options = GoldenModel.OPTIONS.withBatchTokens(80).withMaxBatch(8);
    Exchange exchange = new Exchange(TokenPrompt.of(3), Response.ofTokens(Tokens.of(5, 6)));
    List<TrainingGroup> batch = List.of(TrainingGroup.of(TrainingItem.of(exchange)));
    MemoryEstimate memory = MemoryEstimate.of(CONFIG, options);
    long limit = Math.max(memory.training(2, 2), memory.inference() + memory.session());
    try (CausalLm policy = model(options.withMemoryLimit(limit))) {
      Holdings held = policy.decoder().holdings();
      try (LmSession session = open(policy)) {
        session.sample(prompts(9, 40), LEADER);
        assertTrue(session.keptTokens() > 0);
        assertEquals(session.keptTokens() * memory.session() / 320, held.of(Part.SESSIONS));
        held.add(Part.REFERENCES, limit - memory.training(2, 2));
        Refusals.assertNames(
            IllegalStateException.class,
            () -> policy.step(batch, Objective.supervised(), StepOptions.of(0.05, 1)),
            "keys and values of open sessions " + held.of(Part.SESSIONS) + " bytes");
      }
      assertEquals(0, held.of(Part.SESSIONS));
      assertEquals(2, policy.step(batch, Objective.supervised(), StepOptions.of(0.05, 1)).tokens());
    }
  }

  @Test
  void whatIsNotGoneOnFromIsFreed() {
    try (CausalLm policy = model(GoldenModel.OPTIONS)) {
      LmSession session = open(policy);
      session.sample(followUps(session.sample(prompts(9, 40), LEADER)), FOLLOWER);
      session.sample(List.of(), LEADER);
      assertEquals(0, session.keptTokens());
      int live = policy.decoder().liveArrays();
      session.sample(prompts(9, 40), LEADER);
      assertEquals(live + 9, policy.decoder().liveArrays());
      session.sample(List.of(), LEADER);
      assertEquals(live, policy.decoder().liveArrays());
      session.sample(prompts(9, 40), LEADER);
      session.close();
      session.close();
      assertEquals(0, session.keptTokens());
      assertEquals(live, policy.decoder().liveArrays());
      assertThrows(IllegalStateException.class, () -> session.sample(prompts(1, 40), LEADER));
    }
  }

  @Test
  void aSessionOfAClosedPolicyIsRefusedAndCanBeClosed() {
    CausalLm policy = model(GoldenModel.OPTIONS);
    SamplingSession session = policy.session();
    session.sample(prompts(3, 40), LEADER);
    policy.close();
    assertThrows(IllegalStateException.class, () -> session.sample(prompts(1, 40), LEADER));
    session.close();
    assertThrows(IllegalStateException.class, policy::session);
  }
}
