package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is particular to an adapter. */
class LoraTest {

  private static final GoldenModel MODEL = GoldenModel.of(GoldenModel.SMALL);
  private static final Path ADAPTER = MODEL.folder().resolve("adapter_all_rslora");
  private static final LoraOptions LORA = LoraOptions.rank(3).alpha(6).allLinear();
  private static final Nll NLL = Nll.of(MODEL.golden().get("nll"));
  private static final StepOptions OPTIONS = StepOptions.of(0.01, NLL.tokens());

  @TempDir private Path directory;

  private static CausalLm fresh(LoraOptions lora) {
    try {
      return CausalLm.load(MODEL.folder(), GoldenModel.OPTIONS.withLora(lora));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CausalLm loaded() throws IOException {
    return CausalLm.load(MODEL.folder(), ADAPTER, GoldenModel.OPTIONS);
  }

  private static List<Exchange> exchanges() {
    return MODEL.dpoItems().stream().map(TrainingItem::exchange).toList();
  }

  private static void train(CausalLm policy, int steps) {
    for (int i = 0; i < steps; i++) {
      policy.step(NLL.batch(), NLL, OPTIONS);
    }
  }

  @Test
  void aFreshAdapterChangesNothing() {
    try (CausalLm policy = fresh(LORA);
        CausalLm base = MODEL.load();
        FrozenPolicy reference = policy.reference();
        FrozenPolicy ofBase = base.reference()) {
      assertEquals(base.logProbs(exchanges()), policy.logProbs(exchanges()));
      assertEquals(base.logProbs(exchanges()), reference.logProbs(exchanges()));
      assertEquals(ofBase.digest(), reference.digest());
    }
  }

  @Test
  void theReferenceOfALoadedAdapterIsThatAdapter() throws IOException {
    try (CausalLm policy = loaded();
        FrozenPolicy reference = policy.reference()) {
      List<LogProbs> before = policy.logProbs(exchanges());
      assertEquals(before, reference.logProbs(exchanges()));
      train(policy, 2);
      assertNotEquals(before, policy.logProbs(exchanges()));
      assertEquals(before, reference.logProbs(exchanges()));
    }
  }

  @Test
  void aReferenceSharesTheWeights() throws IOException {
    try (CausalLm policy = loaded()) {
      int live = policy.decoder().liveBaseArrays();
      try (Decoder frozen = policy.decoder().freeze()) {
        for (int place : policy.decoder().layout().places()) {
          assertSame(policy.decoder().weight(place), frozen.weight(place));
        }
        assertEquals(live, frozen.liveBaseArrays());
      }
      assertEquals(live, policy.decoder().liveBaseArrays());
    }
  }

  @Test
  void theSharedWeightsLiveAsLongAsTheirLastHolder() {
    CausalLm policy = fresh(LORA);
    FrozenPolicy reference = policy.reference();
    List<LogProbs> before = policy.logProbs(exchanges());
    policy.close();
    assertEquals(before, reference.logProbs(exchanges()));
    reference.close();
  }

  @Test
  void onlyTheAdapterHasMomentsAndIsCaptured() throws IOException {
    Path state = directory.resolve("state");
    try (CausalLm policy = fresh(LORA)) {
      long trained =
          policy.decoder().parameters().stream().mapToLong(p -> p.slot().elements()).sum();
      // by hand: 3 layers, rank 3, of q, k, v, o [32, 16, 16, 32 | 32] and gate, up, down of 56
      assertEquals(3 * 3 * (64 + 48 + 48 + 64 + 3 * 88), trained);
      train(policy, 1);
      policy.captureState(state);
    }
    long bytes = Files.size(state.resolve("state.safetensors"));
    long numbers = 3L * 3 * 3 * (64 + 48 + 48 + 64 + 3 * 88);
    assertTrue(bytes > 4 * numbers && bytes < 4 * numbers + 30_000, bytes + " bytes");
  }

  @Test
  void aStateOfOtherWeightsIsRefused() throws IOException {
    Path state = directory.resolve("state");
    ModelConfig config = CausalLmContractTest.CONFIG;
    CausalLmOptions options = GoldenModel.OPTIONS.withLora(LORA);
    try (CausalLm one = CausalLm.create(config, null, 1, options);
        CausalLm other = CausalLm.create(config, null, 2, options)) {
      one.captureState(state);
      Refusals.assertNames(
          CheckpointException.class,
          () -> other.restoreState(state),
          "state.safetensors",
          "digest",
          one.decoder().digest());
    }
  }

  /** Shapes do not tell the factor of B A. */
  @Test
  void aStateOfAnotherScaleIsRefused() throws IOException {
    Path state = directory.resolve("state");
    try (CausalLm policy = fresh(LORA)) {
      policy.captureState(state);
    }
    try (CausalLm other = fresh(LORA.alpha(7))) {
      Refusals.assertNames(
          CheckpointException.class, () -> other.restoreState(state), "lora_alpha", "7.0", "6.0");
    }
    try (CausalLm other = fresh(LORA.rankStabilized(true))) {
      Refusals.assertNames(
          CheckpointException.class, () -> other.restoreState(state), "use_rslora is true");
    }
    try (CausalLm same = fresh(LORA)) {
      same.restoreState(state);
    }
  }

  @Test
  void theDropoutOfALoadedAdapterHasASeed() throws IOException {
    Path adapter = AdapterFaultsTest.changed(directory, "{\"lora_dropout\": 0.4}");
    List<double[]> losses = new ArrayList<>();
    for (long seed : new long[] {0, 1, 1}) {
      try (CausalLm policy = CausalLm.load(MODEL.folder(), adapter, seed, GoldenModel.OPTIONS)) {
        losses.add(new double[] {policy.step(NLL.batch(), NLL, OPTIONS).loss()});
      }
    }
    assertNotEquals(losses.get(0)[0], losses.get(1)[0]);
    assertEquals(losses.get(1)[0], losses.get(2)[0]);
  }

  /** The chain rule: dL/dB = s dL/dW Aᵀ and dL/dA = s Bᵀ dL/dW, with W the merged weight. */
  @Test
  void gradientsAreThoseOfTheMergedWeights() throws IOException {
    Path merged = directory.resolve("merged");
    try (CausalLm policy = loaded()) {
      policy.export(merged, ExportOptions.DEFAULT);
      try (CausalLm whole = CausalLm.load(merged, GoldenModel.OPTIONS)) {
        Map<String, float[]> dw = gradients(whole);
        Map<String, float[]> found = gradients(policy);
        Adapter adapter = policy.decoder().adapter();
        for (AdapterLayout.Module module : adapter.layout().modules()) {
          int out = module.b().shape().get(0).intValue();
          int in = module.a().shape().get(1).intValue();
          int r = module.a().shape().get(0).intValue();
          float[] w = dw.get(module.name() + ".weight");
          float[] a = values(policy, adapter, module, true);
          float[] b = values(policy, adapter, module, false);
          double[] da = new double[r * in];
          double[] db = new double[out * r];
          double s = adapter.layout().options().scale();
          for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
              for (int k = 0; k < r; k++) {
                db[o * r + k] += s * w[o * in + i] * a[k * in + i];
                da[k * in + i] += s * b[o * r + k] * w[o * in + i];
              }
            }
          }
          assertClose(da, found.get(module.a().name()), module.a().name());
          assertClose(db, found.get(module.b().name()), module.b().name());
        }
      }
    }
  }

  private static void assertClose(double[] expected, float[] actual, String name) {
    double norm = 0;
    for (double value : expected) {
      norm += value * value;
    }
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4 * Math.sqrt(norm), name);
    }
  }

  private static float[] values(
      CausalLm policy, Adapter adapter, AdapterLayout.Module module, boolean first) {
    WeightLayout.Slot slot = first ? module.a() : module.b();
    float[] values = new float[(int) slot.elements()];
    var array = (first ? adapter.a() : adapter.b()).get(module.place());
    policy.decoder().read(array, 0, values, values.length);
    return values;
  }

  private static Map<String, float[]> gradients(CausalLm policy) {
    policy.training(NLL.batch(), OPTIONS).accumulate(NLL);
    Map<String, float[]> byName = new HashMap<>();
    List<Decoder.Parameter> parameters = policy.decoder().parameters();
    try (NDManager scratch = policy.decoder().scratch()) {
      var all = policy.decoder().call("gradient_list", false, scratch.create(0f));
      for (int i = 0; i < parameters.size(); i++) {
        byName.put(parameters.get(i).slot().name(), all.get(i).toFloatArray());
      }
    }
    return byName;
  }

  /** (L(x + h) − L(x − h)) / 2h of single elements of A and B. */
  @Test
  void gradientsAreCentralDifferences() throws IOException {
    double h = 0.005;
    try (CausalLm policy = loaded()) {
      Map<String, float[]> found = gradients(policy);
      List<Decoder.Parameter> some =
          policy.decoder().parameters().stream()
              .filter(parameter -> parameter.slot().name().contains("layers.1."))
              .toList();
      assertEquals(14, some.size());
      for (Decoder.Parameter parameter : some) {
        float[] one = new float[1];
        long place = parameter.slot().elements() / 2;
        policy.decoder().read(parameter.array(), place, one, 1);
        double above = loss(policy, parameter, place, (float) (one[0] + h));
        double below = loss(policy, parameter, place, (float) (one[0] - h));
        policy.decoder().write(parameter.array(), place, one, 1);
        double difference = (above - below) / (2 * h);
        String name = parameter.slot().name();
        assertEquals(difference, found.get(name)[(int) place], 2e-3, name);
      }
    }
  }

  private static double loss(
      CausalLm policy, Decoder.Parameter parameter, long place, float value) {
    policy.decoder().write(parameter.array(), place, new float[] {value}, 1);
    return policy.step(NLL.batch(), NLL, StepOptions.of(0, NLL.tokens())).loss();
  }

  @Test
  void dropoutDoesNotDependOnTheBatch() {
    LoraOptions lora = LORA.dropout(0.3).seed(4);
    List<TrainingGroup> reversed = new ArrayList<>(NLL.batch());
    Collections.reverse(reversed);
    try (CausalLm whole = fresh(lora);
        CausalLm split = fresh(lora);
        CausalLm turned = fresh(lora);
        CausalLm coupled = fresh(lora);
        CausalLm other = fresh(lora.seed(5))) {
      for (int i = 0; i < 2; i++) {
        double loss = supervised(whole, NLL.batch(), 10, false);
        assertEquals(loss, supervised(split, NLL.batch(), 1, false), 1e-5);
        assertEquals(loss, supervised(turned, reversed, 10, false), 1e-5);
        assertEquals(loss, supervised(coupled, NLL.batch(), 2, true), 1e-5);
        double differs = supervised(other, NLL.batch(), 10, false);
        assertTrue(i == 0 || Math.abs(loss - differs) > 1e-4, loss + " and " + differs);
      }
    }
  }

  private static double supervised(
      CausalLm policy, List<TrainingGroup> batch, int micro, boolean coupled) {
    Objective.Separable each = Objective.supervised();
    Objective.Coupled all =
        scores ->
            IntStream.range(0, scores.size())
                .mapToObj(g -> each.evaluate(g, scores.get(g)))
                .toList();
    StepOptions options = StepOptions.of(0.01, 10).withMicroBatchGroups(micro);
    return policy.step(batch, coupled ? all : each, options).loss();
  }

  @Test
  void aSharedPromptIsDroppedAsAnUnsharedOne() throws IOException {
    Path adapter = AdapterFaultsTest.changed(directory, "{\"lora_dropout\": 0.4}");
    List<Row> rows =
        List.of(
            new Row(new int[] {7, 151, 213, 30, 126, 88, 14}, 4),
            new Row(new int[] {7, 151, 213, 30, 9, 8}, 4));
    try (CausalLm policy = CausalLm.load(MODEL.folder(), adapter, GoldenModel.OPTIONS)) {
      List<LogProbs> before = score(policy, rows, new Packing(1000, 0, 0, true), null);
      Dropout dropout = Dropout.of(policy.decoder(), 3);
      List<LogProbs> shared = score(policy, rows, new Packing(1000, 0, 0, true), dropout);
      List<LogProbs> apart = score(policy, rows, new Packing(1000, 0, 0, false), dropout);
      for (int i = 0; i < rows.size(); i++) {
        assertArrayEquals(apart.get(i).toArray(), shared.get(i).toArray(), 1e-4);
        assertTrue(Math.abs(before.get(i).sum() - shared.get(i).sum()) > 0.01);
      }
    }
  }

  @Test
  void recomputationDropsTheSame() throws IOException {
    CausalLmOptions options = GoldenModel.OPTIONS.withLora(LORA.dropout(0.4));
    try (CausalLm kept = CausalLm.load(MODEL.folder(), options);
        CausalLm recomputed = CausalLm.load(MODEL.folder(), options.withRecompute(true))) {
      for (int i = 0; i < 3; i++) {
        double norm = kept.step(NLL.batch(), NLL, OPTIONS).gradientNorm();
        double again = recomputed.step(NLL.batch(), NLL, OPTIONS).gradientNorm();
        assertEquals(norm, again, 1e-4 * norm);
      }
    }
  }

  @Test
  void nothingIsDroppedOutsideOfTraining() {
    try (CausalLm dropping = fresh(LORA.dropout(0.5));
        CausalLm plain = fresh(LORA)) {
      assertEquals(plain.logProbs(exchanges()), dropping.logProbs(exchanges()));
      train(dropping, 1);
      assertEquals(dropping.logProbs(exchanges()), dropping.logProbs(exchanges()));
      assertTrue(Dropout.of(plain.decoder(), 0) == null);
    }
  }

  /**
   * To first order in B the log-probability under dropout is unbiased, and its variance is
   * proportional to p / (1 − p).
   */
  @Test
  void dropoutIsUnbiasedWithTheVarianceOfItsRate() throws IOException {
    double[] low = moments(0.1);
    double[] high = moments(0.5);
    assertEquals(0, low[0], 4);
    assertEquals(0, high[0], 4);
    assertEquals(0.5 / 0.5 / (0.1 / 0.9), high[1] / low[1], 4);
  }

  /** The mean's deviation in standard errors, and the variance, over many steps. */
  private double[] moments(double dropout) throws IOException {
    int steps = 300;
    String fields = "{\"lora_alpha\": 0.01, \"lora_dropout\": %s}".formatted(dropout);
    Path adapter = AdapterFaultsTest.changed(directory, fields);
    try (CausalLm policy = CausalLm.load(MODEL.folder(), adapter, GoldenModel.OPTIONS)) {
      Row row = new Row(new int[] {7, 151, 213, 30, 126, 88, 14, 201, 55, 19}, 2);
      double base = score(policy, row, null);
      double sum = 0;
      double squares = 0;
      for (int step = 0; step < steps; step++) {
        double difference = score(policy, row, Dropout.of(policy.decoder(), step)) - base;
        sum += difference;
        squares += difference * difference;
      }
      double variance = squares / steps;
      return new double[] {sum / steps / Math.sqrt(variance / steps), variance};
    }
  }

  private static double score(CausalLm policy, Row row, Dropout dropout) {
    Packing packing = Packing.of(policy.config(), 1000);
    return score(policy, List.of(row), packing, dropout).get(0).sum();
  }

  private static List<LogProbs> score(
      CausalLm policy, List<Row> rows, Packing packing, Dropout dropout) {
    List<LogProbs> scores = Scorer.score(policy.decoder(), rows, 1, packing, dropout);
    try (NDManager scratch = policy.decoder().scratch()) {
      policy.decoder().call("clear_dropout", false, scratch.create(0f));
    }
    return scores;
  }

  @ParameterizedTest
  @CsvSource({"true, 4.0", "false, 2.0"})
  void theScale(boolean stabilized, double scale) {
    assertEquals(scale, LoraOptions.rank(4).alpha(8).rankStabilized(stabilized).scale());
  }

  @Test
  void optionsOutsideOfTheirDomain() {
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    Refusals.assertNames(type, () -> LoraOptions.rank(0), "rank", "0");
    Refusals.assertNames(type, () -> LORA.alpha(Double.NaN), "alpha", "NaN");
    Refusals.assertNames(type, () -> LORA.alpha(0), "alpha", "0.0");
    Refusals.assertNames(type, () -> LORA.dropout(1), "dropout", "1.0");
    Refusals.assertNames(type, () -> LORA.targets(Set.of()), "targets");
    Refusals.assertNames(type, () -> fresh(LORA.targets("q_proj", "w_proj")), "w_proj", "k_proj");
    Refusals.assertNames(type, () -> fresh(LORA.targets("lm_head")), "lm_head");
    Refusals.assertNames(type, () -> fresh(LORA.targets("proj")), "proj");
  }

  @Test
  void targetsByTheirLastNamesOrWhole() {
    assertEquals(1, modules("model.layers.2.mlp.up_proj"));
    assertEquals(3, modules("self_attn.q_proj"));
    assertEquals(4, modules("layers.0.self_attn.o_proj", "down_proj"));
    assertArrayEquals(
        new String[] {"layers.1.mlp.gate_proj"},
        LORA.targets("layers.1.mlp.gate_proj").targets().toArray());
  }

  private static int modules(String... targets) {
    WeightLayout layout = new WeightLayout(ModelConfig.llama(24, 16, 32, 3, 4, 2));
    return new AdapterLayout(layout, LORA.targets(targets)).modules().size();
  }
}
