package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import io.sgpo.text.TestTokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewardModelTest {

  private static final CausalLmOptions OPTIONS = GoldenModel.OPTIONS;
  private static final LoraOptions LORA = LoraOptions.rank(2).allLinear();
  private static final Packing PADDED = new Packing(Integer.MAX_VALUE, 1e9, 1, false);
  private static final Packing SHARED = new Packing(Integer.MAX_VALUE, 0, 0, true);

  @TempDir private Path directory;

  /** Two responses of different length to each of three prompts, one of them empty. */
  private static List<TrainingGroup> batch(int vocabulary) {
    int[][] lengths = {{9, 4, 7}, {3, 1, 12}, {14, 0, 5}};
    SplittableRandom random = new SplittableRandom(3);
    List<TrainingGroup> groups = new ArrayList<>();
    for (int[] row : lengths) {
      TokenPrompt prompt = TokenPrompt.of(random.ints(row[0], 0, vocabulary).toArray());
      List<TrainingItem> items = new ArrayList<>();
      for (int i = 1; i < row.length; i++) {
        Tokens tokens = Tokens.of(random.ints(row[i], 0, vocabulary).toArray());
        items.add(TrainingItem.of(new Exchange(prompt, Response.ofTokens(tokens))));
      }
      groups.add(new TrainingGroup(items));
    }
    return groups;
  }

  private static List<Exchange> exchanges(int vocabulary) {
    return batch(vocabulary).stream()
        .flatMap(group -> group.items().stream())
        .map(TrainingItem::exchange)
        .toList();
  }

  /** −log σ(r_first − r_second) + r_first² / 10, so that both derivatives differ. */
  private static final Objective.Separable LOSS =
      (group, scores) -> {
        double first = scores.get(0).sum();
        double margin = first - scores.get(1).sum();
        double slope = -1 / (1 + Math.exp(margin));
        double loss = Math.log1p(Math.exp(-margin)) + first * first / 10;
        return GroupGradient.ofSequences(loss, slope + first / 5, -slope);
      };

  private static float[] head(RewardModel model) {
    NDArray head = model.decoder().weight(WeightLayout.HEAD_PLACE);
    float[] values = new float[model.config().hiddenSize()];
    model.decoder().read(head, 0, values, values.length);
    return values;
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void theScoreIsTheLastStateTimesTheHead(String name) throws IOException {
    Path folder = GoldenModel.folder(name);
    try (RewardModel model = RewardModel.from(folder, 11, OPTIONS);
        CausalLm policy = CausalLm.load(folder, OPTIONS)) {
      List<Exchange> exchanges = exchanges(model.config().vocabularySize());
      double[] scores = model.scores(exchanges);
      float[] head = head(model);
      for (int i = 0; i < scores.length; i++) {
        TokenPrompt prompt = (TokenPrompt) exchanges.get(i).prompt();
        Tokens all = prompt.tokens().concat(exchanges.get(i).response().tokens());
        float[] state = policy.embeddings(List.of(new TokenPrompt(all))).get(0);
        double product = 0;
        for (int j = 0; j < head.length; j++) {
          product += (double) head[j] * state[j];
        }
        assertEquals(product, scores[i], 2e-5, "exchange " + i);
      }
      assertTrue(scores[0] != scores[1]);
    }
  }

  @Test
  void scoresDoNotDependOnTheLayoutAndNothingIsScoredByNothing() throws IOException {
    try (RewardModel model = small(OPTIONS)) {
      List<Row> rows = new ArrayList<>();
      Encoder encoder = new Encoder(null, model.config());
      exchanges(model.config().vocabularySize())
          .forEach(exchange -> rows.add(encoder.whole(exchange, "")));
      List<LogProbs> padded = Scorer.score(model.decoder(), rows, 1, PADDED, LanePlan.ONE);
      List<LogProbs> shared = Scorer.score(model.decoder(), rows, 1, SHARED, LanePlan.ONE);
      for (int i = 0; i < rows.size(); i++) {
        assertEquals(padded.get(i).sum(), shared.get(i).sum(), 1e-6);
        assertEquals(1, shared.get(i).size());
      }
      assertEquals(0, model.scores(List.of()).length);
      long tokens = 9 + 4 + 7 + 3 + 1 + 12 + 14 + 0 + 5;
      assertEquals(tokens, SHARED.passes(rows).get(0).tokens());
    }
  }

  private static RewardModel small(CausalLmOptions options) throws IOException {
    return RewardModel.from(GoldenModel.folder(GoldenModel.SMALL), 11, options);
  }

  private static List<float[]> gradients(RewardModel model, Packing packing) {
    List<TrainingGroup> batch = batch(model.config().vocabularySize());
    model.training(batch, StepOptions.of(0, batch.size()), packing).accumulate(LOSS);
    try (NDManager scratch = model.decoder().scratch()) {
      return model.decoder().call("gradient_list", false, scratch.create(0f)).stream()
          .map(NDArray::toFloatArray)
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsAreCentralDifferences(boolean adapter) throws IOException {
    double h = 0.005;
    try (RewardModel model = small(OPTIONS.withLora(adapter ? LORA : null))) {
      fillAdapter(model);
      List<float[]> found = gradients(model, SHARED);
      List<Decoder.Parameter> parameters = model.decoder().parameters();
      assertEquals(WeightLayout.SCORE, adapter ? last(parameters) : name(parameters, 2));
      for (int p = 0; p < parameters.size(); p++) {
        NDArray array = parameters.get(p).array();
        float[] one = new float[1];
        int place = (int) parameters.get(p).slot().elements() / 2;
        model.decoder().read(array, place, one, 1);
        double above = loss(model, array, place, one[0] + h);
        double below = loss(model, array, place, one[0] - h);
        model.decoder().write(array, place, one, 1);
        double difference = (above - below) / (2 * h);
        String name = name(parameters, p);
        assertEquals(difference, found.get(p)[place], 2e-4 + 1e-2 * Math.abs(difference), name);
      }
      float largest = 0;
      for (float element : found.get(adapter ? found.size() - 1 : WeightLayout.HEAD_PLACE)) {
        largest = Math.max(largest, Math.abs(element));
      }
      assertTrue(largest > 0.01, "the head's gradient");
    }
  }

  /** B starts at zero, where A has no gradient. */
  private static void fillAdapter(RewardModel model) {
    Adapter adapter = model.decoder().adapter();
    if (adapter == null) {
      return;
    }
    SplittableRandom random = new SplittableRandom(1);
    for (AdapterLayout.Module module : adapter.layout().modules()) {
      float[] values = new float[(int) module.b().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.1 * random.nextGaussian());
      }
      model.decoder().write(adapter.b().get(module.place()), 0, values, values.length);
    }
  }

  private static String last(List<Decoder.Parameter> parameters) {
    return name(parameters, parameters.size() - 1);
  }

  private static String name(List<Decoder.Parameter> parameters, int index) {
    return parameters.get(index).slot().name();
  }

  private static double loss(RewardModel model, NDArray array, int place, double value) {
    model.decoder().write(array, place, new float[] {(float) value}, 1);
    List<TrainingGroup> batch = batch(model.config().vocabularySize());
    return model.step(batch, LOSS, StepOptions.of(0, batch.size())).loss();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsDoNotDependOnTheLayoutOrOnWhatIsKept(boolean adapter) throws IOException {
    CausalLmOptions options = OPTIONS.withLora(adapter ? LORA : null);
    List<float[]> expected;
    try (RewardModel model = small(options)) {
      fillAdapter(model);
      expected = gradients(model, PADDED);
      assertClose(expected, gradients(model, SHARED));
    }
    try (RewardModel model = small(options.withRecompute(true))) {
      fillAdapter(model);
      assertClose(expected, gradients(model, SHARED));
    }
  }

  private static void assertClose(List<float[]> expected, List<float[]> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), 2e-6f, "tensor " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void microBatchesAddUp(int groups) throws IOException {
    try (RewardModel whole = small(OPTIONS);
        RewardModel parts = small(OPTIONS)) {
      List<TrainingGroup> batch = batch(whole.config().vocabularySize());
      StepOptions step = StepOptions.of(0.01, 3).withMaxGradientNorm(0.5);
      double norm = whole.step(batch, LOSS, step).gradientNorm();
      double other = parts.step(batch, LOSS, step.withMicroBatchGroups(groups)).gradientNorm();
      assertEquals(norm, other, 1e-5 * norm);
      assertArrayEquals(head(whole), head(parts), 1e-4f);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void trainsInBothPrecisionsAndGoesOnFromACapturedState(Precision precision) throws IOException {
    CausalLmOptions options = OPTIONS.withPrecision(precision);
    Path state = directory.resolve("state");
    double[] expected;
    double first;
    double last;
    try (RewardModel model = small(options)) {
      first = train(model, 5);
      model.captureState(state);
      last = train(model, 10);
      expected = model.scores(exchanges(model.config().vocabularySize()));
    }
    assertTrue(last < first - 0.1, first + " to " + last);
    try (RewardModel model = small(options)) {
      model.restoreState(state);
      assertEquals(last, train(model, 10));
      assertArrayEquals(expected, model.scores(exchanges(model.config().vocabularySize())));
    }
  }

  /** The loss of the last step. */
  private static double train(RewardModel model, int steps) {
    List<TrainingGroup> batch = batch(model.config().vocabularySize());
    double loss = 0;
    for (int i = 0; i < steps; i++) {
      loss = model.step(batch, LOSS, StepOptions.of(2e-3, batch.size())).loss();
    }
    return loss;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isTheSameAfterItIsSavedAndLoaded(boolean adapter) throws IOException {
    Path folder = directory.resolve("saved");
    try (RewardModel model = small(OPTIONS.withLora(adapter ? LORA : null))) {
      String fresh = model.digest();
      train(model, 3);
      assertNotEquals(fresh, model.digest());
      List<Exchange> exchanges = exchanges(model.config().vocabularySize());
      double[] scores = model.scores(exchanges);
      model.save(folder);
      try (RewardModel loaded = RewardModel.load(folder, OPTIONS)) {
        assertArrayEquals(scores, loaded.scores(exchanges), adapter ? 1e-5 : 0);
        assertEquals(model.digest(), loaded.digest());
        assertEquals(model.parameters(), loaded.parameters());
      }
    }
    JsonNode config = ConfigFile.read(folder.resolve("config.json")).root();
    assertEquals("[\"LlamaForSequenceClassification\"]", config.get("architectures").toString());
    assertEquals("{\"0\":\"LABEL_0\"}", config.get("id2label").toString());
    assertTrue(Files.notExists(folder.resolve("generation_config.json")));
  }

  @Test
  void anAdaptersStateHoldsTheHead() throws IOException {
    Path state = directory.resolve("state");
    double[] expected;
    try (RewardModel model = small(OPTIONS.withLora(LORA))) {
      train(model, 3);
      model.captureState(state);
      expected = model.scores(exchanges(model.config().vocabularySize()));
    }
    try (RewardModel model = small(OPTIONS.withLora(LORA))) {
      train(model, 1);
      model.restoreState(state);
      assertArrayEquals(expected, model.scores(exchanges(model.config().vocabularySize())));
    }
  }

  @ParameterizedTest
  @EnumSource(ExportOptions.Type.class)
  void shardsOfEveryTypeAreRead(ExportOptions.Type type) throws IOException {
    Path folder = directory.resolve("shards");
    try (RewardModel model = small(OPTIONS)) {
      model.export(folder, ExportOptions.DEFAULT.withDtype(type).withMaxShardBytes(40_000));
      assertTrue(Files.exists(folder.resolve("model.safetensors.index.json")));
      List<Exchange> exchanges = exchanges(model.config().vocabularySize());
      double tolerance = type == ExportOptions.Type.FLOAT32 ? 0 : 0.02;
      try (RewardModel loaded = RewardModel.load(folder, OPTIONS)) {
        assertArrayEquals(model.scores(exchanges), loaded.scores(exchanges), tolerance);
      }
    }
  }

  @Test
  void aLanguageModelIsNoRewardModelAndTheOtherWayRound() throws IOException {
    Path folder = directory.resolve("saved");
    Refusals.assertNames(
        CheckpointException.class,
        () -> RewardModel.load(GoldenModel.folder(GoldenModel.SMALL), OPTIONS),
        "score.weight",
        "is missing");
    try (RewardModel model = small(OPTIONS)) {
      model.save(folder);
    }
    Refusals.assertNames(
        CheckpointException.class, () -> CausalLm.load(folder, OPTIONS), "lm_head.weight");
  }

  @ParameterizedTest
  @ValueSource(strings = {"num_labels", "id2label"})
  void severalLabelsAreRefused(String field) throws IOException {
    Path folder = directory.resolve("saved");
    try (RewardModel model = small(OPTIONS)) {
      model.save(folder);
    }
    ObjectNode config = ConfigFile.read(folder.resolve("config.json")).root();
    if (field.equals("num_labels")) {
      config.put("num_labels", 3);
    } else {
      config.withObject("/id2label").put("1", "LABEL_1").put("2", "LABEL_2");
    }
    ConfigFile.JSON.writeValue(folder.resolve("config.json").toFile(), config);
    Refusals.assertNames(
        CheckpointException.class,
        () -> RewardModel.load(folder, OPTIONS),
        "config.json",
        "must be 1",
        "was 3");
  }

  @Test
  void trailingPaddingIsNotRead() throws IOException {
    ModelConfig config =
        ModelConfig.llama(20, 8, 16, 1, 2, 1)
            .withSpecialTokens(OptionalInt.empty(), OptionalInt.of(0), Set.of());
    try (RewardModel model = RewardModel.create(config, null, 5, OPTIONS)) {
      double[] scores =
          model.scores(
              List.of(
                  exchange(new int[] {4, 0, 6}, 7, 0, 8),
                  exchange(new int[] {4, 0, 6}, 7, 0, 8, 0, 0),
                  exchange(new int[] {4, 0}, 6, 7, 0, 8),
                  exchange(new int[] {4, 0}, 0),
                  exchange(new int[] {4}),
                  exchange(new int[] {0}, 0, 0),
                  exchange(new int[] {0})));
      assertEquals(scores[0], scores[1], 1e-6);
      assertEquals(scores[0], scores[2], 1e-6);
      assertEquals(scores[4], scores[3], 1e-6);
      assertEquals(scores[6], scores[5], 1e-6);
      assertTrue(Math.abs(scores[0] - scores[4]) > 1e-4);
    }
  }

  private static Exchange exchange(int[] prompt, int... response) {
    return new Exchange(TokenPrompt.of(prompt), Response.ofTokens(Tokens.of(response)));
  }

  @Test
  void aDrawnResponseToAPromptOfTextIsReadByItsText() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("tokenizer"));
    TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(358));
    ModelConfig config = ModelConfig.llama(400, 8, 16, 1, 2, 1);
    try (RewardModel model = RewardModel.create(config, folder, 5, OPTIONS)) {
      Conversation prompt = Conversation.user("how many");
      Response given = Response.of("three");
      Response drawn = new Response("three", Tokens.of(399, 399), Response.Finish.STOP);
      double[] scores =
          model.scores(List.of(new Exchange(prompt, given), new Exchange(prompt, drawn)));
      assertEquals(scores[0], scores[1]);
    }
  }

  @Test
  void refusesByRow() throws IOException {
    try (RewardModel model = small(OPTIONS)) {
      Refusals.assertNames(
          IllegalArgumentException.class,
          () -> model.scores(List.of(exchange(new int[] {1}, 2), exchange(new int[] {1}, 9999))),
          "exchange 1",
          "9999");
      StepOptions tempered = StepOptions.of(0, 1).withTemperature(0.5);
      List<TrainingGroup> batch = batch(20);
      Refusals.assertNames(
          IllegalArgumentException.class,
          () -> model.step(batch, LOSS, tempered),
          "temperature",
          "0.5");
    }
    RewardModel closed = small(OPTIONS);
    closed.close();
    Refusals.assertNames(
        IllegalStateException.class, () -> closed.scores(List.of()), "reward model", "closed");
  }

  @Test
  void nativeArraysReturnToTheirNumber() throws IOException {
    try (RewardModel model = small(OPTIONS)) {
      List<Exchange> exchanges = exchanges(model.config().vocabularySize());
      train(model, 2);
      model.scores(exchanges);
      int live = model.nativeArrays();
      train(model, 2);
      model.scores(exchanges);
      assertEquals(live, model.nativeArrays());
    }
  }
}
