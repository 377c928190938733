package io.sgpo.lm;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A process of its own that prints how far its resident memory rises above that before a model was
 * made, phase by phase, beside the estimate: {@code name measured estimated}. Linux only.
 */
final class MemoryProbe {

  private static final int ROWS = 16;
  private static final int PROMPT = 64;
  private static final int RESPONSE = 64;

  private MemoryProbe() {}

  /**
   * @param args the precision, the adapter's rank or 0, whether layers are recomputed, the number
   *     of threads, and the architectures one after the other; or lengths of responses, for a step
   *     on each, of a model whose vocabulary is most of it; or {@code masks} and a length, for a
   *     step on two responses that share a prompt as long as each; or {@code attention}, the
   *     precision and lengths, for scores of rows and steps on one of that length; or {@code head},
   *     the precision, a length and architectures, for steps of models whose vocabulary is most of
   *     them; or {@code scoring} and the precision, for scores in one and in two lanes; or {@code
   *     coupled} and the precision, for steps with an objective that wants all scores first
   */
  public static void main(String[] args) throws IOException {
    if (args[0].equals("masks")) {
      masks(64); // compiles and loads
      masks(Integer.parseInt(args[1]));
      return;
    }
    if (args[0].equals("attention")) {
      attention(Precision.valueOf(args[1]), 64, false); // compiles and loads
      for (int i = 2; i < args.length; i++) {
        attention(Precision.valueOf(args[1]), Integer.parseInt(args[i]), true);
      }
      return;
    }
    if (args[0].equals("head")) {
      for (int i = 3; i < args.length; i++) {
        Architecture architecture = Architecture.valueOf(args[i]);
        head(architecture, Precision.valueOf(args[1]), 8, false); // compiles and loads
        head(architecture, Precision.valueOf(args[1]), Integer.parseInt(args[2]), true);
      }
      return;
    }
    if (args[0].equals("scoring")) {
      scoring(Precision.valueOf(args[1]), 1, 8, false); // compiles and loads
      for (int threads = 1; threads <= 2; threads++) {
        scoring(Precision.valueOf(args[1]), threads, 512, true);
      }
      return;
    }
    if (args[0].equals("coupled")) {
      Precision precision = Precision.valueOf(args[1]);
      ModelConfig wide = ModelConfig.llama(64, 64, 4096, 1, 2, 2).withMaxPositions(1024);
      coupled(wide, precision, 1, 8, false); // compiles and loads
      coupled(wide, precision, 1, 255, true);
      ModelConfig attending = ModelConfig.llama(64, 256, 64, 1, 4, 4).withMaxPositions(1024);
      coupled(attending, precision, 800, 3, true);
      return;
    }
    if (Character.isDigit(args[0].charAt(0))) {
      for (String length : args) {
        step(Integer.parseInt(length));
      }
      return;
    }
    int rank = Integer.parseInt(args[1]);
    CausalLmOptions options =
        CausalLmOptions.DEFAULT
            .withThreads(Integer.parseInt(args[3]))
            .withBatchTokens(ROWS * PROMPT)
            .withMaxBatch(2 * ROWS)
            .withPrecision(Precision.valueOf(args[0]))
            .withLora(rank == 0 ? null : LoraOptions.rank(rank).allLinear())
            .withRecompute(Boolean.parseBoolean(args[2]));
    for (String name : args[4].split(" ", -1)) {
      Architecture architecture = Architecture.valueOf(name);
      measure(Shapes.of(architecture, 64, 64, 128, 2, 4), options, false); // compiles and loads
      measure(Shapes.of(architecture, 4096, 256, 1024, 6, 4), options, true);
    }
  }

  private static void masks(int length) throws IOException {
    ModelConfig config = ModelConfig.llama(64, 32, 32, 1, 1, 1).withMaxPositions(2 * length);
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(1);
    TokenPrompt prompt = TokenPrompt.of(ids(length, config, 1));
    TrainingItem[] items = new TrainingItem[2];
    for (int i = 0; i < items.length; i++) {
      Tokens response = Tokens.of(ids(length, config, 2 + i));
      items[i] = TrainingItem.of(new Exchange(prompt, Response.ofTokens(response)));
    }
    try (CausalLm policy = CausalLm.create(config, null, 1, options)) {
      forgetPeak();
      long before = resident();
      List<TrainingGroup> batch = List.of(TrainingGroup.of(items));
      StepOptions step = StepOptions.of(1e-3, 1);
      policy.step(batch, Objective.supervised(), step);
      StepSize size = policy.training(batch, step).largest();
      MemoryEstimate estimate = MemoryEstimate.of(config, options);
      print(
          "without-masks",
          peak() - before,
          estimate.training(
              new StepSize(
                  size.tokens(), size.positions(), size.tiledPairs(), size.largestTile())));
      print("masks", peak() - before, estimate.training(size));
    }
  }

  /** Layers that are little beside the attention: 8 heads of 16 over a hidden size of 128. */
  private static void attention(Precision precision, int length, boolean print) throws IOException {
    ModelConfig config = ModelConfig.llama(64, 128, 128, 6, 8, 4).withMaxPositions(length);
    CausalLmOptions options =
        CausalLmOptions.DEFAULT
            .withThreads(1)
            .withBatchTokens(4 * length)
            .withMaxBatch(1)
            .withPrecision(precision);
    List<Exchange> rows = new ArrayList<>();
    for (int row = 0; row < 4; row++) {
      Response response = Response.ofTokens(Tokens.of(ids(length - 1, config, row)));
      rows.add(new Exchange(TokenPrompt.of(1), response));
    }
    MemoryEstimate estimate = MemoryEstimate.of(config, options);
    long unused = estimate.cache() * 9 / 4 + estimate.masks(); // of sampling
    long before = resident();
    try (CausalLm policy = CausalLm.create(config, null, 1, options)) {
      forgetPeak();
      policy.logProbs(rows);
      long scoring = peak() - before;
      List<TrainingGroup> batch = List.of(TrainingGroup.of(TrainingItem.of(rows.get(0))));
      StepOptions step = StepOptions.of(1e-3, 1);
      forgetPeak();
      policy.step(batch, Objective.supervised(), step);
      policy.step(batch, Objective.supervised(), step);
      if (print) {
        print("scoring", scoring, estimate.inference() - unused);
        print("step", peak() - before, estimate.training(policy.training(batch, step).largest()));
      }
    }
  }

  /** 16 rows of a model whose logits are most of what scoring takes, on a lane for each thread. */
  private static void scoring(Precision precision, int threads, int length, boolean print)
      throws IOException {
    ModelConfig config = ModelConfig.llama(32_768, 64, 128, 6, 2, 2).withMaxPositions(512);
    CausalLmOptions options =
        CausalLmOptions.DEFAULT.withThreads(threads).withMaxBatch(1).withPrecision(precision);
    List<Exchange> rows = new ArrayList<>();
    for (int row = 0; row < 16; row++) {
      Response response = Response.ofTokens(Tokens.of(ids(length - 1, config, row)));
      rows.add(new Exchange(TokenPrompt.of(1), response));
    }
    MemoryEstimate estimate = MemoryEstimate.of(config, options);
    LayoutMemory tensors = new LayoutMemory(new WeightLayout(config), options);
    long unused = estimate.cache() * 9 / 4 + estimate.masks(); // of sampling
    long beside = tensors.scoredLogits(threads) - tensors.scoredLogits(1);
    long before = resident();
    try (CausalLm policy = CausalLm.create(config, null, 1, options)) {
      forgetPeak();
      policy.logProbs(rows);
      if (print) {
        print("lanes-" + threads, peak() - before, estimate.inference() - unused + beside);
      }
    }
  }

  /** 90 groups with the same prompt, one at a time; the first has a response of 200 tokens. */
  private static void coupled(
      ModelConfig config, Precision precision, int prompt, int length, boolean print)
      throws IOException {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(1).withPrecision(precision);
    TokenPrompt asked = TokenPrompt.of(ids(prompt, config, 90));
    List<TrainingGroup> batch = new ArrayList<>();
    for (int row = 0; row < 90; row++) {
      int tokens = row == 0 ? 200 : length;
      Response response = Response.ofTokens(Tokens.of(ids(tokens, config, row)));
      batch.add(TrainingGroup.of(TrainingItem.of(new Exchange(asked, response))));
    }
    Objective.Coupled objective =
        scores ->
            scores.stream().map(group -> GroupGradient.ofSequences(0, group.get(0).sum())).toList();
    StepOptions step = StepOptions.of(1e-6, 1).withMicroBatchGroups(1);
    MemoryEstimate estimate = MemoryEstimate.of(config, options);
    long before = resident();
    try (CausalLm policy = CausalLm.create(config, null, 1, options)) {
      forgetPeak();
      policy.step(batch, objective, step);
      policy.step(batch, objective, step);
      if (print) {
        print(
            "coupled", peak() - before, estimate.training(policy.training(batch, step).largest()));
      }
    }
  }

  private static int[] ids(int length, ModelConfig config, int seed) {
    return new SplittableRandom(seed).ints(length, 0, config.vocabularySize()).toArray();
  }

  private static void step(int length) throws IOException {
    ModelConfig config = ModelConfig.llama(32_768, 64, 128, 1, 2, 2).withMaxPositions(length + 1);
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(1);
    int[] ids = new SplittableRandom(5).ints(length, 0, config.vocabularySize()).toArray();
    Exchange exchange = new Exchange(TokenPrompt.of(1), Response.ofTokens(Tokens.of(ids)));
    try (CausalLm policy = CausalLm.create(config, null, 1, options)) {
      forgetPeak();
      long before = resident();
      policy.step(
          List.of(TrainingGroup.of(TrainingItem.of(exchange))),
          Objective.supervised(),
          StepOptions.of(1e-3, length));
      long estimate = MemoryEstimate.of(config, options).training(length, length);
      print("length " + length, peak() - before, estimate);
    }
  }

  private static void head(
      Architecture architecture, Precision precision, int length, boolean print)
      throws IOException {
    ModelConfig config =
        Shapes.of(architecture, 32_768, 64, 128, 1, 2, length + 1, Rope.of(10_000), 0.02);
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(1).withPrecision(precision);
    Response response = Response.ofTokens(Tokens.of(ids(length, config, 5)));
    List<TrainingGroup> batch =
        List.of(TrainingGroup.of(TrainingItem.of(new Exchange(TokenPrompt.of(1), response))));
    StepOptions step = StepOptions.of(1e-3, length);
    long before = resident();
    try (CausalLm policy = CausalLm.create(config, null, 1, options)) {
      forgetPeak();
      policy.step(batch, Objective.supervised(), step);
      policy.step(batch, Objective.supervised(), step);
      if (print) {
        StepSize size = policy.training(batch, step).largest();
        long estimate = MemoryEstimate.of(config, options).training(size);
        print(architecture.name(), peak() - before, estimate);
      }
    }
  }

  private static void measure(ModelConfig config, CausalLmOptions options, boolean print)
      throws IOException {
    MemoryEstimate estimate = MemoryEstimate.of(config, options);
    long before = resident();
    try (CausalLm policy = CausalLm.create(config, null, 1, options)) {
      List<Exchange> exchanges = exchanges(config.vocabularySize());
      List<TrainingGroup> batch = new ArrayList<>();
      exchanges.forEach(exchange -> batch.add(TrainingGroup.of(TrainingItem.of(exchange))));
      forgetPeak();
      policy.logProbs(exchanges);
      policy.sample(
          exchanges.stream().map(Exchange::prompt).toList(),
          Sampling.of(RESPONSE, 1).withSamplesPerPrompt(2).withIgnoreEndOfSequence(true));
      long drawing = peak() - before;
      long packed = policy.decoder().holdings().of(Holdings.Part.PACKED);
      forgetPeak();
      StepOptions step = StepOptions.of(1e-3, 1).withMicroBatchGroups(ROWS / 2);
      for (int i = 0; i < 2; i++) {
        policy.step(batch, Objective.supervised(), step);
      }
      long training = peak() - before;
      Packing packing = Packing.of(config, options.batchTokens());
      LanePlan lanes = LanePlan.training(options.threads(), estimate.gradients());
      StepSize size = policy.training(batch, step, packing, lanes).largest();
      forgetPeak();
      try (FrozenPolicy reference = policy.reference()) {
        reference.logProbs(exchanges);
      }
      if (print) {
        print("drawing", drawing, estimate.inference() + packed);
        print("training", training, packed + estimate.training(size));
      }
    }
  }

  private static void print(String phase, long measured, long estimated) {
    System.out.println(phase + " " + measured + " " + estimated);
  }

  private static List<Exchange> exchanges(int vocabulary) {
    SplittableRandom random = new SplittableRandom(5);
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int[] prompt = random.ints(PROMPT, 0, vocabulary).toArray();
      int[] response = random.ints(RESPONSE, 0, vocabulary).toArray();
      exchanges.add(new Exchange(TokenPrompt.of(prompt), Response.ofTokens(Tokens.of(response))));
    }
    return exchanges;
  }

  /** Sets the peak to what is resident now (proc(5), clear_refs). */
  private static void forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
  }

  private static long peak() throws IOException {
    return status("VmHWM:");
  }

  private static long resident() throws IOException {
    return status("VmRSS:");
  }

  private static long status(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name)) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + name + " in /proc/self/status");
  }
}
