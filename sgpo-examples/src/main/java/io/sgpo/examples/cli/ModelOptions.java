package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.with;

import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.RewardModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Mixin private LoadOptions loading;

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      description = "responses that are drawn at once, at most; 256")
  private @Nullable Integer maxBatch;

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
    loading.check();
    LoadOptions.checkPositive("--max-batch", maxBatch);
  }

  static void requireFolder(String rule, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(rule + ", but there is none at " + folder);
    }
  }

  /** Loads the model; the caller closes it. */
  CausalLm load() throws IOException {
    return load(null, 0, false);
  }

  /**
   * Loads the model; the caller closes it.
   *
   * @param lora a new adapter, which excludes a given one
   * @param dropoutSeed that of the dropout of a given one
   * @param recompute whether training computes each layer twice, to save memory
   */
  CausalLm load(@Nullable LoraOptions lora, long dropoutSeed, boolean recompute)
      throws IOException {
    CausalLmOptions options = options().withRecompute(recompute);
    try {
      return adapter == null
          ? CausalLm.load(folder, options.withLora(lora))
          : CausalLm.load(folder, adapter, dropoutSeed, options);
    } catch (IllegalStateException e) {
      throw loading.refusal(e);
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
      throw loading.refusal(e);
    }
  }

  /** Opens a judge, whose models are loaded as this one is; the caller closes it. */
  OpenJudge open(JudgeOptions judge) throws IOException {
    return loading.open(judge, options());
  }

  private CausalLmOptions options() {
    return with(loading.options(), maxBatch, CausalLmOptions::withMaxBatch);
  }
}
