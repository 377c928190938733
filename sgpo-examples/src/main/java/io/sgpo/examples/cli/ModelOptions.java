package io.sgpo.examples.cli;

import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.CausalLmOptions.DevicePlace;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.Precision;
import io.sgpo.lm.RewardModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which language model a command works on. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ModelOptions {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "a Hugging Face model folder")
  private Path folder;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "a LoRA adapter over the model, as PEFT saves it")
  private @Nullable Path adapter;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Names.Dtype.class,
      defaultValue = "float32",
      description = "compute in float32 or bfloat16; ${DEFAULT-VALUE}")
  private Precision dtype;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      converter = Names.Device.class,
      defaultValue = "cpu",
      description = "where the model lives: cpu, gpu or gpu:N; ${DEFAULT-VALUE}")
  private DevicePlace device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of one operation; the physical cores unless given")
  private @Nullable Integer threads;

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      description = "responses that are drawn at once, at most; 256")
  private @Nullable Integer maxBatch;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      description = "tokens that go through the model at once, at most; 8192")
  private @Nullable Integer batchTokens;

  @Option(
      names = "--memory-limit",
      paramLabel = "BYTES",
      converter = Bytes.class,
      description =
          "refuse a model or a training step that needs more, such as 6GiB; what the machine or"
              + " container has unless given")
  private @Nullable Long memoryLimit;

  Path folder() {
    return folder;
  }

  @Nullable Path adapter() {
    return adapter;
  }

  /** Refuses what cannot be loaded, before anything else is read. */
  void check() {
    requireFolder("--model must be a model folder", folder);
    if (adapter != null) {
      requireFolder("--adapter must be an adapter's folder", adapter);
    }
    checkPositive("--threads", threads);
    checkPositive("--max-batch", maxBatch);
    checkPositive("--batch-tokens", batchTokens);
  }

  private static void checkPositive(String option, @Nullable Integer value) {
    if (value != null) {
      RunData.positive(option, value);
    }
  }

  static void requireFolder(String rule, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(rule + ", but there is none at " + folder);
    }
  }

  /** Loads the model; the caller closes it. */
  CausalLm load() throws IOException {
    return load(null, false);
  }

  /**
   * Loads the model; the caller closes it.
   *
   * @param lora a new adapter, which excludes a given one
   * @param recompute whether training computes each layer twice, to save memory
   */
  CausalLm load(@Nullable LoraOptions lora, boolean recompute) throws IOException {
    CausalLmOptions options = options().withRecompute(recompute);
    try {
      return adapter == null
          ? CausalLm.load(folder, options.withLora(lora))
          : CausalLm.load(folder, adapter, options);
    } catch (IllegalStateException e) {
      throw refusal(e);
    }
  }

  /**
   * Loads the model with a fresh head in place of its own; the caller closes it.
   *
   * @param lora a new adapter, or null to train all weights
   * @param recompute whether training computes each layer twice, to save memory
   */
  RewardModel reward(long seed, @Nullable LoraOptions lora, boolean recompute) throws IOException {
    try {
      return RewardModel.from(folder, seed, options().withLora(lora).withRecompute(recompute));
    } catch (IllegalStateException e) {
      throw refusal(e);
    }
  }

  /** A limit that the user set is an option, as is a GPU; the machine's limit is not. */
  private RuntimeException refusal(IllegalStateException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("device ")) {
      return new UsageException("--" + message, e);
    }
    return memoryLimit == null || !message.contains("memoryLimit")
        ? e
        : new UsageException("--memory-limit: " + message, e);
  }

  /** Opens a judge, whose models are loaded as this one is; the caller closes it. */
  OpenJudge open(JudgeOptions judge) throws IOException {
    try {
      return judge.open(options());
    } catch (IllegalStateException e) {
      throw refusal(e);
    }
  }

  private CausalLmOptions options() {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withPrecision(dtype).withDevice(device);
    options = threads == null ? options : options.withThreads(threads);
    options = maxBatch == null ? options : options.withMaxBatch(maxBatch);
    options = batchTokens == null ? options : options.withBatchTokens(batchTokens);
    return memoryLimit == null ? options : options.withMemoryLimit(memoryLimit);
  }
}
