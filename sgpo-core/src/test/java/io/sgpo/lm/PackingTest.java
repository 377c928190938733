package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However rows are laid out, scores and gradients are the same to rounding. */
class PackingTest {

  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** Every row on its own, all padded to the longest: what the others are held against. */
  private static final Packing PADDED = new Packing(UNLIMITED, 1e9, 1, false);

  private static final Map<String, Packing> LAYOUTS =
      Map.of(
          "without padding", new Packing(UNLIMITED, 0, 0, false),
          "little padding", new Packing(UNLIMITED, 1e9, 0.05, false),
          "shared prompts", new Packing(UNLIMITED, 0, 0, true),
          "shared prompts, padded responses", new Packing(UNLIMITED, 1.9, 1, true),
          "small passes", new Packing(40, 0, 0, true));

  /** Prompts of 1 to 24 tokens, each with 1 to 4 responses of 1 to 40 tokens, one with none. */
  private static List<TrainingGroup> batch(int vocabulary) {
    return batch(
        vocabulary, new int[][] {{24, 5, 1, 40, 5}, {7, 3, 9}, {1, 12, 11}, {17, 20}, {24, 0, 4}});
  }

  /**
   * @param lengths of each group its prompt's and its responses'
   */
  private static List<TrainingGroup> batch(int vocabulary, int[]... lengths) {
    SplittableRandom random = new SplittableRandom(5);
    List<TrainingGroup> groups = new ArrayList<>();
    for (int[] row : lengths) {
      int[] prompt = random.ints(row[0], 0, vocabulary).toArray();
      TrainingItem[] items = new TrainingItem[row.length - 1];
      for (int i = 0; i < items.length; i++) {
        int[] ids = random.ints(row[i + 1], 0, vocabulary).toArray();
        items[i] = TrainingItem.of(GoldenModel.exchange(concat(prompt, ids), prompt.length));
      }
      groups.add(TrainingGroup.of(items));
    }
    return groups;
  }

  /** A prompt of 5 and inputs of 2 and 3 behind it: 2 · (5 + 2) + 3 · (5 + 3). */
  @Test
  void masksAreThoseOfSharedPromptsAndOfRowsBeyondTheWindow() {
    List<Row> rows =
        List.of(new Row(new int[8], 5), new Row(new int[9], 5), new Row(new int[] {1, 2, 3, 4}, 2));
    Packing shared = new Packing(UNLIMITED, 0, 0, true);
    Packing apart = new Packing(UNLIMITED, 0, 0, false);
    assertEquals(38, pairs(shared, rows, UNLIMITED));
    assertEquals(0, pairs(apart, rows, UNLIMITED));
    assertEquals(7 * 7 + 8 * 8, pairs(apart, rows, 6));
    assertEquals(8 * 8, pairs(apart, rows, 7));
    assertEquals(38 + 5 * 5, pairs(shared, rows, 4));
  }

  private static long pairs(Packing packing, List<Row> rows, int window) {
    return packing.passes(rows).stream().mapToLong(pass -> pass.maskedPairs(window)).sum();
  }

  private static int[] concat(int[] one, int[] other) {
    return IntStream.concat(IntStream.of(one), IntStream.of(other)).toArray();
  }

  /** What a step leaves: log-probabilities of every item's tokens, and the gradient of tensors. */
  private record Outcome(List<double[]> scores, List<float[]> gradients) {}

  /** Coefficients differ by item and token. */
  private static Outcome outcome(CausalLm policy, Packing packing) {
    return outcome(policy, packing, Integer.MAX_VALUE);
  }

  private static Outcome outcome(CausalLm policy, Packing packing, int microBatchGroups) {
    List<TrainingGroup> batch = batch(policy.config().vocabularySize());
    return outcome(policy, packing, microBatchGroups, batch, batch.size());
  }

  /**
   * @param trained the coefficients of later groups are 0
   */
  private static Outcome outcome(
      CausalLm policy,
      Packing packing,
      int microBatchGroups,
      List<TrainingGroup> batch,
      int trained) {
    List<double[]> scores = new ArrayList<>();
    Objective.Separable objective =
        (group, rows) -> {
          List<double[]> coefficients = new ArrayList<>();
          for (LogProbs row : rows) {
            scores.add(row.toArray());
            coefficients.add(
                IntStream.range(0, row.size())
                    .mapToDouble(t -> group < trained ? Math.sin(1 + group + 3 * t) : 0)
                    .toArray());
          }
          return new GroupGradient(0, coefficients);
        };
    StepOptions step =
        StepOptions.of(0, 1).withTemperature(0.7).withMicroBatchGroups(microBatchGroups);
    policy.training(batch, step, packing).accumulate(objective);
    return new Outcome(scores, gradients(policy));
  }

  private static List<float[]> gradients(CausalLm policy) {
    try (NDManager scratch = policy.decoder().scratch()) {
      return policy.decoder().call("gradient_list", false, scratch.create(0f)).stream()
          .map(NDArray::toFloatArray)
          .toList();
    }
  }

  private static void assertSame(String name, Outcome expected, Outcome actual) {
    for (int i = 0; i < actual.scores.size(); i++) {
      assertArrayEquals(expected.scores.get(i), actual.scores.get(i), 2e-5, name);
    }
    double square = 0;
    for (float[] tensor : expected.gradients) {
      for (float element : tensor) {
        square += (double) element * element;
      }
    }
    float tolerance = (float) (2e-6 * Math.sqrt(square));
    assertEquals(expected.gradients.size(), actual.gradients.size());
    for (int i = 0; i < expected.gradients.size(); i++) {
      assertArrayEquals(expected.gradients.get(i), actual.gradients.get(i), tolerance, name);
    }
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void scoresAndGradientsDoNotDependOnTheLayout(String name) throws IOException {
    Outcome expected;
    try (CausalLm policy = GoldenModel.of(name).load()) {
      expected = outcome(policy, PADDED);
      assertTrue(expected.gradients.stream().allMatch(PackingTest::isNotZero));
      LAYOUTS.forEach((layout, packing) -> assertSame(layout, expected, outcome(policy, packing)));
    }
    try (CausalLm policy =
        CausalLm.load(GoldenModel.folder(name), GoldenModel.OPTIONS.withRecompute(true))) {
      for (Packing packing : List.of(PADDED, LAYOUTS.get("shared prompts"))) {
        assertSame("recomputed", expected, outcome(policy, packing));
      }
    }
  }

  /** What is dropped behind the last layer's attention is that of fewer tokens. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void underDropoutGradientsDoNotDependOnTheLayout(int layers) throws IOException {
    ModelConfig config = ModelConfig.llama(40, 16, 24, layers, 4, 2).withMaxPositions(128);
    LoraOptions lora = LoraOptions.rank(3).allLinear().dropout(0.4);
    try (CausalLm policy = CausalLm.create(config, null, 3, GoldenModel.OPTIONS.withLora(lora))) {
      List<TrainingGroup> batch = batch(40);
      policy.step(batch, Objective.supervised(), StepOptions.of(0.05, batch.size()));
      Outcome expected = outcome(policy, PADDED);
      assertTrue(expected.gradients.stream().allMatch(PackingTest::isNotZero));
      LAYOUTS.forEach((layout, packing) -> assertSame(layout, expected, outcome(policy, packing)));
    }
  }

  /** A prompt of one token goes through the layers once, and its state predicts for every row. */
  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void moreThanGoesThroughTheLayersIsPredicted(String name) throws IOException {
    int[][] groups = {{1, 1, 1, 1, 1, 1}};
    for (boolean recompute : new boolean[] {false, true}) {
      try (CausalLm policy =
          CausalLm.load(GoldenModel.folder(name), GoldenModel.OPTIONS.withRecompute(recompute))) {
        List<TrainingGroup> batch = batch(policy.config().vocabularySize(), groups);
        Outcome expected = outcome(policy, PADDED, UNLIMITED, batch, 1);
        Outcome shared = outcome(policy, LAYOUTS.get("shared prompts"), UNLIMITED, batch, 1);
        assertTrue(expected.gradients.stream().anyMatch(PackingTest::isNotZero));
        assertSame(name, expected, shared);
      }
    }
  }

  /**
   * Tiles, several for a row, against the engine's fused attention, which a long row brings about.
   * Golden models have windows, shared key/value heads and norms of queries and keys.
   */
  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void tilesAttendAsTheFusedAttention(String name) throws IOException {
    tilesAttendAsTheFusedAttention(
        name, ConfigReader.read(GoldenModel.folder(name)).withMaxPositions(2048));
  }

  /** Windows that begin to hide something in the first, the second and the third tile. */
  @ParameterizedTest
  @ValueSource(ints = {100, 128, 130, 200, 300})
  void tilesOfWindowsAttendAsTheFusedAttention(int window) throws IOException {
    tilesAttendAsTheFusedAttention("window " + window, Shapes.windowed(window));
  }

  private static void tilesAttendAsTheFusedAttention(String name, ModelConfig config)
      throws IOException {
    int[][] groups = {{300, 200, 150}, {5, 140, 1}, {129, 128, 130, 2}};
    int[][] withLong = Arrays.copyOf(groups, 4);
    withLong[3] = new int[] {DecoderArchive.TILE_KEYS, 10};
    int vocabulary = config.vocabularySize();
    try (CausalLm policy = CausalLm.create(config, null, 3, GoldenModel.OPTIONS)) {
      for (Packing packing :
          List.of(LAYOUTS.get("without padding"), LAYOUTS.get("shared prompts"))) {
        Outcome tiles = outcome(policy, packing, UNLIMITED, batch(vocabulary, groups), 3);
        Outcome fused = outcome(policy, packing, UNLIMITED, batch(vocabulary, withLong), 3);
        assertSame(name, fused, tiles);
      }
    }
  }

  /**
   * In bfloat16 a row's scores are those that it has beside a long row, whose tiles keep no
   * probabilities; gradients are the same to its rounding.
   */
  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void bfloat16DoesNotDependOnALongRowBeside(String name) throws IOException {
    ModelConfig config = ConfigReader.read(GoldenModel.folder(name)).withMaxPositions(2048);
    int[][] groups = {{300, 200, 150}, {129, 128, 130, 2}};
    int[][] withLong = Arrays.copyOf(groups, 3);
    withLong[2] = new int[] {DecoderArchive.TILE_KEYS, 10};
    int vocabulary = config.vocabularySize();
    Packing packing = LAYOUTS.get("shared prompts");
    try (CausalLm policy =
        CausalLm.create(config, null, 3, GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16))) {
      Outcome alone = outcome(policy, packing, UNLIMITED, batch(vocabulary, groups), 2);
      Outcome beside = outcome(policy, packing, UNLIMITED, batch(vocabulary, withLong), 2);
      for (int i = 0; i < alone.scores.size(); i++) {
        assertArrayEquals(alone.scores.get(i), beside.scores.get(i), 1e-5, name);
      }
      assertEquals(0, distance(alone, beside), 0.01, name);
    }
  }

  /**
   * A prompt's keys and values have gradients by 48 responses of different lengths; in bfloat16 the
   * sum is as exact where the prompt is computed once.
   */
  @Test
  void sharedPromptsDoNotRoundSumsInBfloat16() throws IOException {
    ModelConfig config = ModelConfig.llama(512, 128, 256, 2, 4, 2).withMaxPositions(1024);
    int[] group = IntStream.concat(IntStream.of(100), IntStream.range(3, 51)).toArray();
    List<TrainingGroup> batch = batch(512, group);
    Outcome exact;
    try (CausalLm policy = CausalLm.create(config, null, 3, GoldenModel.OPTIONS)) {
      exact = outcome(policy, PADDED, UNLIMITED, batch, 1);
    }
    try (CausalLm policy =
        CausalLm.create(config, null, 3, GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16))) {
      Outcome apart = outcome(policy, LAYOUTS.get("without padding"), UNLIMITED, batch, 1);
      Outcome shared = outcome(policy, LAYOUTS.get("shared prompts"), UNLIMITED, batch, 1);
      List<Decoder.Parameter> parameters = policy.decoder().parameters();
      for (int i = 0; i < parameters.size(); i++) {
        String name = parameters.get(i).slot().name();
        if (name.contains("v_proj")) {
          assertTrue(distance(exact, shared, i) < 1.2 * distance(exact, apart, i), name);
        }
      }
    }
  }

  private static double distance(Outcome one, Outcome other, int tensor) {
    return distance(
        new Outcome(List.of(), List.of(one.gradients.get(tensor))),
        new Outcome(List.of(), List.of(other.gradients.get(tensor))));
  }

  /** The norm of the difference of two gradients, as a share of that of the first. */
  private static double distance(Outcome one, Outcome other) {
    double norm = 0;
    double distance = 0;
    for (int i = 0; i < one.gradients.size(); i++) {
      for (int j = 0; j < one.gradients.get(i).length; j++) {
        float element = one.gradients.get(i)[j];
        norm += element * (double) element;
        distance += Math.pow(element - other.gradients.get(i)[j], 2);
      }
    }
    return Math.sqrt(distance / norm);
  }

  /**
   * 52 positions of 322,638 logits make a chunk: group by group there is one, together there are
   * three, of which the third is computed again.
   */
  @Test
  void scoresAndGradientsDoNotDependOnTheHeadsChunks() throws IOException {
    ModelConfig config = ModelConfig.llama(322_638, 8, 16, 1, 2, 1).withMaxPositions(128);
    assertEquals(52, DecoderArchive.headChunk(config, Precision.FLOAT32));
    Outcome expected;
    try (CausalLm policy = CausalLm.create(config, null, 3, GoldenModel.OPTIONS)) {
      expected = outcome(policy, PADDED, 1);
      Outcome together = outcome(policy, PADDED, Integer.MAX_VALUE);
      int positions = together.scores.stream().mapToInt(row -> row.length).sum();
      assertTrue(positions > 2 * 52, String.valueOf(positions));
      assertSame("two chunks kept", expected, together);
    }
    try (CausalLm policy =
        CausalLm.create(config, null, 3, GoldenModel.OPTIONS.withRecompute(true))) {
      assertSame("no chunk kept", expected, outcome(policy, PADDED, Integer.MAX_VALUE));
    }
  }

  /** In bfloat16 104 positions make a chunk; 110 make two of 55, of whose rows 32 are widened. */
  @Test
  void inBfloat16TheHeadsChunksDifferByItsRounding() throws IOException {
    ModelConfig config = ModelConfig.llama(322_638, 8, 16, 1, 2, 1).withMaxPositions(128);
    assertEquals(104, DecoderArchive.headChunk(config, Precision.BFLOAT16));
    CausalLmOptions options = GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16);
    try (CausalLm policy = CausalLm.create(config, null, 3, options)) {
      Outcome alone = outcome(policy, PADDED, 1);
      Outcome together = outcome(policy, PADDED, Integer.MAX_VALUE);
      assertEquals(110, together.scores.stream().mapToInt(row -> row.length).sum());
      for (int i = 0; i < alone.scores.size(); i++) {
        assertArrayEquals(alone.scores.get(i), together.scores.get(i), 1e-5);
      }
      assertEquals(0, distance(alone, together), 0.01);
    }
  }

  private static boolean isNotZero(float[] tensor) {
    return IntStream.range(0, tensor.length).anyMatch(i -> tensor[i] != 0);
  }

  private static List<Row> rows(int vocabulary) {
    return batch(vocabulary).stream()
        .flatMap(group -> group.items().stream())
        .map(TrainingItem::exchange)
        .map(
            exchange ->
                new Encoder(null, ModelConfig.llama(vocabulary, 8, 8, 1, 1, 1)).row(exchange, ""))
        .toList();
  }

  @ParameterizedTest
  @FieldSource("io.sgpo.lm.GoldenModel#NAMES")
  void scoringDoesNotDependOnTheLayout(String name) {
    try (CausalLm policy = GoldenModel.of(name).load()) {
      List<Row> rows = rows(policy.config().vocabularySize());
      List<LogProbs> expected = Scorer.score(policy.decoder(), rows, 0.7, PADDED, LanePlan.ONE);
      for (Map.Entry<String, Packing> layout : LAYOUTS.entrySet()) {
        List<LogProbs> actual =
            Scorer.score(policy.decoder(), rows, 0.7, layout.getValue(), LanePlan.ONE);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(
              expected.get(i).toArray(), actual.get(i).toArray(), 2e-5, layout.getKey());
        }
      }
    }
  }

  @Test
  void aSharedPromptIsCountedAndComputedOnce() {
    List<Row> rows = rows(30);
    // every response's last token is no input; the prompts of 24, 7 and 1 tokens are shared
    long shared = 24 + 4 + 0 + 39 + 4 + 7 + 2 + 8 + 1 + 11 + 10 + (17 + 19) + (24 + 3);
    Packing packing = new Packing(UNLIMITED, 0, 0, true);
    assertEquals(shared, packing.tokens(rows));
    assertEquals(shared, packing.passes(rows).get(0).tokens());
    assertEquals(0, packing.passes(rows).get(0).padding());
    long apart =
        rows.stream().filter(row -> row.responseLength() > 0).mapToLong(Row::inputLength).sum();
    assertEquals(apart, new Packing(UNLIMITED, 0, 0, false).tokens(rows));
    assertEquals(apart, new Packing(UNLIMITED, 100, 0, true).tokens(rows));
  }

  @Test
  void paddingStaysUnderFivePercent() {
    SplittableRandom random = new SplittableRandom(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int prompt = random.nextInt(1, 60);
      rows.add(new Row(new int[prompt + random.nextInt(1, 200)], prompt));
    }
    for (double cost : new double[] {0, 3, 1e3, 1e9}) {
      int seen = 0;
      for (Pass pass : new Packing(8192, cost, 0.05, true).passes(rows)) {
        assertTrue(pass.padding() <= 0.05 * pass.tokens());
        assertTrue(pass.tokens() - pass.padding() <= 8192);
        seen += pass.members().size();
      }
      assertEquals(rows.size(), seen);
    }
  }
}
