package io.sgpo.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.management.OperatingSystemMXBean;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Tokens per second of sampling, beside the rate at which the processor reads memory in the same
 * run: at batch 1 every token reads all weights once, so bandwidth / bytes of weights bounds the
 * rate. Random weights or those of a folder, float32, prompts of 16 tokens, 48 new ones. Best of
 * alternating runs, by the clock and, for a machine that is not idle, by the process's CPU time
 * with one thread.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.bench.GenerationBenchmark [threads [15M | 0.5B | FOLDER [layers]]]
 * </pre>
 */
public final class GenerationBenchmark {

  private static final int REPETITIONS = 8;
  private static final int PROMPT = 16;
  private static final int NEW = 48;
  private static final int BATCH = 32;
  private static final long READ_FLOATS = 64L << 20;

  private GenerationBenchmark() {}

  /** Work per second, by the clock and by CPU time. */
  private record Rate(double wall, double cpu) {
    Rate best(Rate other) {
      return new Rate(Math.max(wall, other.wall), Math.max(cpu, other.cpu));
    }
  }

  public static void main(String[] arguments) throws IOException {
    int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    String name = arguments.length > 1 ? arguments[1] : "15M";
    int layers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(threads);
    try (CausalLm model = model(name, layers, options);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      report(name, model, manager.zeros(new Shape(READ_FLOATS)));
    }
  }

  private static CausalLm model(String name, int layers, CausalLmOptions options)
      throws IOException {
    return Files.isDirectory(Path.of(name))
        ? CausalLm.load(Path.of(name), options)
        : CausalLm.create(config(name, layers), null, 1, options);
  }

  /** The shapes of stories15M and of Qwen2.5-0.5B, the latter with so many layers. */
  private static ModelConfig config(String name, int layers) {
    return switch (name) {
      case "15M" -> ModelConfig.llama(32000, 288, 768, 6, 6, 6);
      case "0.5B" -> ModelConfig.llama(151936, 896, 4864, layers, 14, 2);
      default ->
          throw new IllegalArgumentException(
              "the model must be 15M, 0.5B or a folder, but was " + name);
    };
  }

  private static void report(String name, CausalLm model, NDArray memory) {
    Rate bandwidth = new Rate(0, 0);
    Rate one = bandwidth;
    Rate many = bandwidth;
    for (int i = 0; i < REPETITIONS; i++) {
      bandwidth = bandwidth.best(rate(Float.BYTES * READ_FLOATS, () -> read(memory)));
      one = one.best(rate(NEW, () -> sample(model, 1)));
      many = many.best(rate((double) BATCH * NEW, () -> sample(model, BATCH)));
    }
    double bytes = (double) Float.BYTES * model.parameters();
    System.out.printf(
        Locale.ROOT,
        "%s, %d layers, %,d weights%n",
        name,
        model.config().layers(),
        model.parameters());
    print("clock", bandwidth.wall(), bytes, one.wall(), many.wall());
    print("CPU", bandwidth.cpu(), bytes, one.cpu(), many.cpu());
  }

  private static void print(String by, double bandwidth, double bytes, double one, double many) {
    System.out.printf(
        Locale.ROOT,
        "  by %-5s memory %.1f GB/s, bound %.1f tokens/s; batch 1: %.1f tokens/s, %.0f %% of it;"
            + " batch %d: %.0f tokens/s, %.1f times batch 1%n",
        by,
        bandwidth / 1e9,
        bandwidth / bytes,
        one,
        100 * one * bytes / bandwidth,
        BATCH,
        many,
        many / one);
  }

  private static void read(NDArray memory) {
    try (NDArray sum = memory.sum()) {
      sum.getFloat();
    }
  }

  private static void sample(CausalLm model, int rows) {
    List<Prompt> prompts =
        IntStream.range(0, rows)
            .<Prompt>mapToObj(
                row ->
                    new TokenPrompt(
                        Tokens.of(
                            Streams.of(1, "benchmark", row)
                                .ints(PROMPT, 0, model.config().vocabularySize())
                                .toArray())))
            .toList();
    model.sample(prompts, Sampling.of(NEW, 1).withIgnoreEndOfSequence(true));
  }

  private static Rate rate(double units, Runnable work) {
    long cpu = cpuNanos();
    long start = System.nanoTime();
    work.run();
    double wall = (System.nanoTime() - start) / 1e9;
    return new Rate(units / wall, units / ((cpuNanos() - cpu) / 1e9));
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
