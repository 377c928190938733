package io.sgpo.examples.cli;

import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
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
  }

  static void requireFolder(String rule, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(rule + ", but there is none at " + folder);
    }
  }

  /** Loads the model; the caller closes it. */
  CausalLm load() throws IOException {
    return load(null);
  }

  /**
   * Loads the model; the caller closes it.
   *
   * @param lora a new adapter, which excludes a given one
   */
  CausalLm load(@Nullable LoraOptions lora) throws IOException {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withPrecision(dtype);
    if (adapter != null) {
      return CausalLm.load(folder, adapter, options);
    }
    return CausalLm.load(folder, options.withLora(lora));
  }

  /**
   * Loads the model with a fresh head in place of its own; the caller closes it.
   *
   * @param lora a new adapter, or null to train all weights
   */
  RewardModel reward(long seed, @Nullable LoraOptions lora) throws IOException {
    return RewardModel.from(
        folder, seed, CausalLmOptions.DEFAULT.withPrecision(dtype).withLora(lora));
  }
}
