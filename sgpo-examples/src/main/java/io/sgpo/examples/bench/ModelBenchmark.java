package io.sgpo.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Tokens per second of sampling and of a training step of {@link CausalLm}, beside the processor's
 * float32 matrix product measured in the same run. Random weights; medians.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.bench.ModelBenchmark [threads]
 * </pre>
 *
 * <p>A training step is counted as 6 floating-point operations per weight (a tied head once) and
 * token, attention left out.
 */
public final class ModelBenchmark {

  private static final int REPETITIONS = 5;
  private static final int GEMM = 1024;

  private ModelBenchmark() {}

  /** What is measured: a model's shape and its batches. */
  private record Subject(String name, ModelConfig config, int rows, int tokens) {}

  public static void main(String[] arguments) throws IOException {
    int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(threads);
    List<Subject> subjects =
        List.of(
            new Subject("0.2M", ModelConfig.llama(256, 64, 172, 3, 4, 4), 32, 40),
            new Subject("15M", ModelConfig.llama(8192, 288, 768, 12, 6, 6), 8, 256));
    for (Subject subject : subjects) {
      try (CausalLm model = CausalLm.create(subject.config(), null, 1, options)) {
        report(subject, model);
      }
    }
  }

  private static void report(Subject subject, CausalLm model) {
    double peak = gemm();
    double train = rate(subject.rows() * subject.tokens(), () -> step(model, subject));
    double share = 6.0 * model.parameters() * train / peak;
    System.out.printf(
        Locale.ROOT,
        "%s (%,d weights): float32 matrix product %.0f GFLOP/s%n",
        subject.name(),
        model.parameters(),
        peak / 1e9);
    System.out.printf(
        Locale.ROOT,
        "  training step %d x %d: %,.0f tokens/s, %.0f %% of the matrix product%n",
        subject.rows(),
        subject.tokens(),
        train,
        100 * share);
    for (int rows : new int[] {1, 32}) {
      System.out.printf(
          Locale.ROOT,
          "  sampling, batch %d, prompt 32, 64 new: %,.0f tokens/s%n",
          rows,
          rate(rows * 64, () -> sample(model, rows)));
    }
  }

  private static double gemm() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray left = manager.ones(new Shape(GEMM, GEMM), DataType.FLOAT32);
      NDArray right = manager.ones(new Shape(GEMM, GEMM), DataType.FLOAT32);
      int times = 10;
      Runnable product =
          () -> {
            for (int i = 0; i < times; i++) {
              try (NDArray result = left.matMul(right)) {
                result.getFloat(0, 0);
              }
            }
          };
      return rate(2.0 * GEMM * GEMM * GEMM * times, product);
    }
  }

  private static void step(CausalLm model, Subject subject) {
    List<TrainingGroup> batch = new ArrayList<>();
    for (int row = 0; row < subject.rows(); row++) {
      Tokens ids = tokens(subject.config(), subject.tokens(), row);
      Exchange exchange =
          new Exchange(
              TokenPrompt.of(ids.get(0)),
              Response.ofTokens(Tokens.of(Arrays.copyOfRange(ids.toArray(), 1, ids.size()))));
      batch.add(TrainingGroup.of(TrainingItem.of(exchange)));
    }
    model.step(
        batch,
        Objective.supervised(),
        StepOptions.of(1e-4, (double) subject.rows() * subject.tokens()));
  }

  private static void sample(CausalLm model, int rows) {
    List<Prompt> prompts =
        IntStream.range(0, rows)
            .<Prompt>mapToObj(row -> new TokenPrompt(tokens(model.config(), 32, row)))
            .toList();
    model.sample(prompts, Sampling.of(64, 1).withIgnoreEndOfSequence(true));
  }

  private static Tokens tokens(ModelConfig config, int count, int row) {
    SplittableRandom random = Streams.of(1, "benchmark", row);
    return Tokens.of(random.ints(count, 0, config.vocabularySize()).toArray());
  }

  /** Units per second: the median of some runs after two that do not count. */
  private static double rate(double units, Runnable work) {
    double[] seconds = new double[REPETITIONS];
    for (int i = -2; i < REPETITIONS; i++) {
      long start = System.nanoTime();
      work.run();
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return units / seconds[REPETITIONS / 2];
  }
}
