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
import io.sgpo.lm.Precision;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Tokens per second of sampling beside two bounds measured in the same run: at batch 1 every token
 * reads all weights once, so bandwidth / bytes of weights bounds the rate; at any batch a token
 * takes two operations per weight, so the rate of the matrix product / (2 weights) does. Random
 * weights or those of a folder, prompts of 16 tokens, 48 new ones. Best of alternating runs, by the
 * clock and, for a machine that is not idle, by the process's CPU time with one thread.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.bench.GenerationBenchmark [threads [15M | 0.5B | FOLDER [layers [bfloat16]]]]
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

  /**
   * The processor's matrix product in a precision.
   *
   * @param bytes of a number
   * @param operations of a run
   */
  private record Peak(int bytes, double operations, Runnable product) {}

  public static void main(String[] arguments) throws IOException {
    int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    String name = arguments.length > 1 ? arguments[1] : "15M";
    int layers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    boolean narrow = Arrays.asList(arguments).contains("bfloat16");
    CausalLmOptions options =
        CausalLmOptions.DEFAULT
            .withThreads(threads)
            .withPrecision(narrow ? Precision.BFLOAT16 : Precision.FLOAT32);
    try (CausalLm model = model(name, layers, options);
        NDManager manager = NDManager.newBaseManager("PyTorch");
        MatrixProduct product = new MatrixProduct();
        Bfloat16Product narrowProduct = new Bfloat16Product()) {
      Peak peak =
          narrow
              ? new Peak(Short.BYTES, Bfloat16Product.OPERATIONS, narrowProduct)
              : new Peak(Float.BYTES, MatrixProduct.OPERATIONS, product);
      report(name, model, manager.zeros(new Shape(READ_FLOATS)), peak);
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

  private static void report(String name, CausalLm model, NDArray memory, Peak peak) {
    Rate bandwidth = new Rate(0, 0);
    Rate arithmetic = bandwidth;
    Rate one = bandwidth;
    Rate many = bandwidth;
    for (int i = 0; i < REPETITIONS; i++) {
      bandwidth = bandwidth.best(rate(Float.BYTES * READ_FLOATS, () -> read(memory)));
      arithmetic = arithmetic.best(rate(peak.operations(), peak.product()));
      one = one.best(rate(NEW, () -> sample(model, 1)));
      many = many.best(rate((double) BATCH * NEW, () -> sample(model, BATCH)));
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %d layers, %,d weights of %d bytes%n",
        name,
        model.config().layers(),
        model.parameters(),
        peak.bytes());
    double reads = (double) peak.bytes() * model.parameters();
    double operations = 2.0 * model.parameters();
    print(
        "clock", bandwidth.wall() / reads, arithmetic.wall() / operations, one.wall(), many.wall());
    print("CPU", bandwidth.cpu() / reads, arithmetic.cpu() / operations, one.cpu(), many.cpu());
  }

  /**
   * @param reading tokens/s that memory allows at batch 1
   * @param computing tokens/s that the matrix product allows
   */
  private static void print(String by, double reading, double computing, double one, double many) {
    System.out.printf(
        Locale.ROOT,
        "  by %-5s batch 1: %.1f tokens/s, %.0f %% of the %.1f that memory allows;"
            + " batch %d: %.0f tokens/s, %.0f %% of the %.0f that the matrix product allows;"
            + " %.1f times batch 1 (the bounds: %.1f times)%n",
        by,
        one,
        100 * one / reading,
        reading,
        BATCH,
        many,
        100 * many / computing,
        computing,
        many / one,
        computing / reading);
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
