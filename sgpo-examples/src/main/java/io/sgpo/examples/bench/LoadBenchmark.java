package io.sgpo.examples.bench;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ExportOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.lm.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How much memory loading a checkpoint takes at its peak, over the size of its weights in the type
 * that they are loaded in: from F32, F16 and BF16 files in shards, to float32 and bfloat16. Every
 * load has a process of its own, with the JVM's default heap. Counted is anonymous resident memory
 * ({@code RssAnon} of Linux, read every millisecond), Java's heap included and mapped pages of
 * files not, less what the process has once the native engine is loaded and has run a tiny model.
 * Exits with 1 where a peak is over 1.3 times the size, or a load that a memory limit forbids is
 * not refused beforehand.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.bench.LoadBenchmark [layers of the 0.5B shape = 8]
 * </pre>
 */
public final class LoadBenchmark {

  private static final double BOUND = 1.3;
  private static final long SHARD_BYTES = 200_000_000;
  private static final ModelConfig TINY = ModelConfig.llama(40, 16, 24, 2, 4, 2);

  private LoadBenchmark() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 2) {
      load(Path.of(arguments[0]), Precision.valueOf(arguments[1]));
      return;
    }
    int layers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
    boolean within = true;
    Path folder = Files.createTempDirectory("load");
    try {
      for (ExportOptions.Type type : ExportOptions.Type.values()) {
        Path checkpoint = folder.resolve(type.label());
        write(checkpoint, ModelConfig.llama(151_936, 896, 4864, layers, 14, 2), type);
        for (Precision precision : Precision.values()) {
          within &= run(checkpoint, precision);
        }
        MoreFiles.deleteRecursively(checkpoint, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    System.exit(within ? 0 : 1);
  }

  private static void write(Path folder, ModelConfig config, ExportOptions.Type type)
      throws IOException {
    try (CausalLm model = CausalLm.create(config, null, 1, CausalLmOptions.DEFAULT)) {
      model.export(folder, ExportOptions.DEFAULT.withDtype(type).withMaxShardBytes(SHARD_BYTES));
    }
  }

  private static boolean run(Path folder, Precision precision)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LoadBenchmark.class.getName(),
            folder.toString(),
            precision.name());
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  /** Loads a checkpoint in this process, which is fresh, and exits with 1 if a bound is broken. */
  private static void load(Path folder, Precision precision)
      throws IOException, InterruptedException {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withPrecision(precision);
    CausalLm.create(TINY, null, 1, options).close();
    long base = Stopwatch.anonymousMemory();
    boolean refused = isRefused(folder, options.withMemoryLimit(200_000_000));
    long afterRefusal = Stopwatch.anonymousMemory();
    long start = System.nanoTime();
    long bytes;
    double peak;
    double end;
    try (PeakMemory watched = new PeakMemory();
        CausalLm model = CausalLm.load(folder, options)) {
      double seconds = (System.nanoTime() - start) / 1e9;
      bytes = model.parameters() * (precision == Precision.FLOAT32 ? Float.BYTES : Short.BYTES);
      peak = (watched.peak() - base) / (double) bytes;
      end = (Stopwatch.anonymousMemory() - base) / (double) bytes;
      System.out.printf(
          Locale.ROOT,
          "%s to %s: %.2f GB of weights in %.1f s, peak %.2f times that, afterwards %.2f times%n",
          folder.getFileName(),
          precision.name().toLowerCase(Locale.ROOT),
          bytes / 1e9,
          seconds,
          peak,
          end);
    }
    System.out.printf(
        Locale.ROOT,
        "  with a memory limit of 200 MB %s, for which memory grew by %.1f MB%n",
        refused ? "refused" : "NOT refused",
        (afterRefusal - base) / 1e6);
    System.exit(refused && peak <= BOUND ? 0 : 1);
  }

  private static boolean isRefused(Path folder, CausalLmOptions options) throws IOException {
    try (CausalLm model = CausalLm.load(folder, options)) {
      return model.parameters() < 0;
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage()).contains("memoryLimit");
    }
  }
}
