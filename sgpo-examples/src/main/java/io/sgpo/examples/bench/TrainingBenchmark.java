package io.sgpo.examples.bench;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.lm.Precision;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The training step of {@link CausalLm}: its share of the processor's float32 matrix product, what
 * shared prompts save, what everything around the arithmetic takes, and the time beside DPO written
 * the plain way ({@link PlainDpo}), with the same adapter where one is trained. All on random
 * weights, in turns, medians of one run.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.bench.TrainingBenchmark [15M|0.5B] [layers] [threads] [pairs] [recompute] [bfloat16] [lora]
 *   [shares]
 * </pre>
 *
 * <p>Counted are the operations that are needed: 6 per weight of a layer and token that goes
 * through it, a shared prompt once, and what follows the last layer's attention for response tokens
 * only; 6 per weight of the head and response token (4 where an adapter is trained, whose own are
 * not counted); 12 per hidden unit, layer, and pair of a token and one that it sees. With one
 * thread the times are the thread's processor times, which other programs disturb less.
 */
public final class TrainingBenchmark {

  private static final int TURNS = 5;
  private static final int PROMPT = 256;
  private static final int RESPONSE = 128;
  private static final int HOLLOW_VOCABULARY = 64;
  private static final double BETA = 0.1;
  private static final double RATE = 1e-5;

  private final ModelConfig config;
  private final CausalLmOptions options;
  private final int pairs;
  private final Stopwatch watch;

  private final boolean sharesOnly;

  private TrainingBenchmark(
      ModelConfig config, CausalLmOptions options, int pairs, boolean sharesOnly) {
    this.sharesOnly = sharesOnly;
    this.config = config;
    this.options = options;
    this.pairs = pairs;
    this.watch = new Stopwatch(options.threads() == 1);
  }

  public static void main(String[] arguments) throws IOException {
    String size = arguments.length > 0 ? arguments[0] : "15M";
    int layers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 12;
    int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
    int pairs = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 4;
    List<String> words = Arrays.asList(arguments);
    ModelConfig config =
        switch (size) {
          case "15M" -> ModelConfig.llama(8192, 288, 768, layers, 6, 6);
          case "0.5B" -> ModelConfig.llama(151_936, 896, 4864, layers, 14, 2);
          default -> throw new IllegalArgumentException("size must be 15M or 0.5B, was " + size);
        };
    CausalLmOptions options =
        CausalLmOptions.DEFAULT.withThreads(threads).withRecompute(words.contains("recompute"));
    if (words.contains("bfloat16")) {
      options = options.withPrecision(Precision.BFLOAT16);
    }
    if (words.contains("lora")) {
      options = options.withLora(LoraOptions.rank(16));
    }
    new TrainingBenchmark(config, options, pairs, words.contains("shares")).run(size);
  }

  private void run(String size) throws IOException {
    print("%s, %d layers, %d pairs a step", size, config.layers(), pairs);
    try (CausalLm model = model(config)) {
      print("%,d weights, prompt %d, responses %d", model.parameters(), PROMPT, RESPONSE);
      shares(model);
    }
    if (!sharesOnly) {
      comparisons();
    }
    print("peak resident memory %s", Stopwatch.peakMemory());
  }

  /** Of the matrix product; of what is not arithmetic; of shared prompts. */
  private void shares(CausalLm model) {
    List<TrainingGroup> batch = batch(PROMPT, true);
    List<TrainingGroup> even = batch(RESPONSE, true);
    List<TrainingGroup> apart = batch(RESPONSE, false);
    List<TrainingGroup> few = batch(PROMPT, true, HOLLOW_VOCABULARY);
    ModelConfig small = ModelConfig.llama(HOLLOW_VOCABULARY, 2, 2, config.layers(), 1, 1);
    try (MatrixProduct product = new MatrixProduct();
        Bfloat16Product narrow = new Bfloat16Product();
        CausalLm hollow = model(small)) {
      double[] seconds =
          watch.medians(
              TURNS,
              product,
              narrow,
              () -> step(model, batch),
              () -> step(hollow, few),
              () -> step(model, even),
              () -> step(model, apart));
      double peak = MatrixProduct.OPERATIONS / seconds[0];
      double narrowPeak = Bfloat16Product.OPERATIONS / seconds[1];
      double rate = operations(PROMPT) / seconds[2];
      print("matrix product %.0f GFLOP/s, in bfloat16 %.0f", peak / 1e9, narrowPeak / 1e9);
      print(
          "step in %s %.3f s, %.0f %% of the product in float32, %.0f %% of that in bfloat16",
          options.precision(), seconds[2], 100 * rate / peak, 100 * rate / narrowPeak);
      print(
          "with 2 hidden units and %d tokens to choose from %.3f s: %.1f %%, a bound on what is not"
              + " arithmetic",
          HOLLOW_VOCABULARY, seconds[3], 100 * seconds[3] / seconds[2]);
      print(
          "prompt %d: %.3f s apart, %.3f s shared: %.2f times",
          RESPONSE, seconds[5], seconds[4], seconds[5] / seconds[4]);
    }
  }

  private CausalLm model(ModelConfig shape) {
    try {
      return CausalLm.create(shape, null, 1, options);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** DPO here and the plain way, from the same weights and, with LoRA, the same adapter. */
  private void comparisons() throws IOException {
    Path folder = Files.createTempDirectory("benchmark");
    try {
      Path base = folder.resolve("model");
      Path adapter = folder.resolve("adapter");
      try (CausalLm model = CausalLm.create(config, null, 1, options.withLora(null))) {
        model.save(base);
      }
      List<TrainingGroup> batch = batch(PROMPT, true);
      try (CausalLm ours = CausalLm.load(base, options);
          PlainDpo plain = plain(ours, base, adapter)) {
        double[] reference = margins(ours, batch);
        List<PlainDpo.Row> rows = plainRows(batch);
        double one = dpo(ours, batch, reference);
        double other = plain.step(rows, RATE);
        double two = dpo(ours, batch, reference);
        double another = plain.step(rows, RATE);
        print(
            "the plain way trains %s in float32",
            options.lora() == null ? "all weights" : "the same adapter");
        print("losses %.6f and %.6f, plain %.6f and %.6f", one, two, other, another);
        double[] seconds =
            watch.medians(TURNS, () -> dpo(ours, batch, reference), () -> plain.step(rows, RATE));
        print(
            "DPO step %.3f s, the plain way %.3f s: %.2f times",
            seconds[0], seconds[1], seconds[1] / seconds[0]);
      }
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private PlainDpo plain(CausalLm ours, Path base, Path adapter) throws IOException {
    LoraOptions lora = options.lora();
    if (lora == null) {
      return new PlainDpo(config, base);
    }
    ours.save(adapter);
    Path tensors = adapter.resolve("adapter_model.safetensors");
    return new PlainDpo(config, base, tensors, lora.alpha() / lora.rank());
  }

  private static double[] margins(CausalLm model, List<TrainingGroup> batch) {
    double[] margins = new double[batch.size()];
    for (int i = 0; i < margins.length; i++) {
      List<LogProbs> scores =
          model.logProbs(batch.get(i).items().stream().map(TrainingItem::exchange).toList());
      margins[i] = scores.get(0).sum() - scores.get(1).sum();
    }
    return margins;
  }

  private static double dpo(CausalLm model, List<TrainingGroup> batch, double[] reference) {
    Objective.Separable objective =
        (group, scores) -> {
          double gap = scores.get(0).sum() - scores.get(1).sum() - reference[group];
          double slope = -BETA / (1 + Math.exp(BETA * gap));
          return GroupGradient.ofSequences(Math.log1p(Math.exp(-BETA * gap)), slope, -slope);
        };
    return model.step(batch, objective, StepOptions.of(RATE, batch.size())).loss();
  }

  private void step(CausalLm model, List<TrainingGroup> batch) {
    dpo(model, batch, new double[batch.size()]);
  }

  private double operations(int prompt) {
    double hidden = config.hiddenSize();
    double queries = config.headDim() * (double) config.heads();
    double before = hidden * (queries + 2.0 * config.headDim() * config.keyValueHeads());
    double behind = hidden * (queries + 3.0 * config.intermediateSize());
    double inputs = RESPONSE - 1;
    double tokens = prompt + 2 * inputs;
    double seen = prompt * (prompt + 1.0) / 2 + 2 * inputs * (prompt + (inputs + 1) / 2);
    double attention = 12 * queries * seen;
    double each = options.lora() == null ? 6 : 4;
    double scored = 2.0 * RESPONSE;
    double projected = each * before * config.layers() * tokens;
    double through = each * behind * ((config.layers() - 1) * tokens + scored);
    double head = each * hidden * config.vocabularySize() * scored;
    return pairs * (projected + through + config.layers() * attention + head);
  }

  /**
   * @param shared whether the two prompts of a pair are equal; if not, they differ in one token
   */
  private List<TrainingGroup> batch(int prompt, boolean shared) {
    return batch(prompt, shared, config.vocabularySize());
  }

  private List<TrainingGroup> batch(int prompt, boolean shared, int vocabulary) {
    List<TrainingGroup> batch = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      int[] ids = tokens(prompt, 3 * pair, vocabulary);
      int[] others = ids.clone();
      others[0] = shared ? ids[0] : (ids[0] + 1) % vocabulary;
      batch.add(
          TrainingGroup.of(
              item(ids, tokens(RESPONSE, 3 * pair + 1, vocabulary)),
              item(others, tokens(RESPONSE, 3 * pair + 2, vocabulary))));
    }
    return batch;
  }

  private static int[] tokens(int count, int stream, int vocabulary) {
    SplittableRandom random = Streams.of(1, "benchmark", stream);
    return random.ints(count, 0, vocabulary).toArray();
  }

  private static TrainingItem item(int[] prompt, int[] response) {
    return TrainingItem.of(
        new Exchange(TokenPrompt.of(prompt), Response.ofTokens(Tokens.of(response))));
  }

  private static List<PlainDpo.Row> plainRows(List<TrainingGroup> batch) {
    List<PlainDpo.Row> rows = new ArrayList<>();
    for (int side = 0; side < 2; side++) {
      for (TrainingGroup group : batch) {
        Exchange exchange = group.items().get(side).exchange();
        int[] prompt = ((TokenPrompt) exchange.prompt()).tokens().toArray();
        int[] response = exchange.response().tokens().toArray();
        int[] ids = Arrays.copyOf(prompt, prompt.length + response.length);
        System.arraycopy(response, 0, ids, prompt.length, response.length);
        rows.add(new PlainDpo.Row(Tokens.of(ids), prompt.length));
      }
    }
    return rows;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
