package io.sgpo.lm;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scalar reward r(x, y): a decoder-only transformer whose last token's last hidden state is
 * multiplied by a vector, {@code score.weight}, [1, hidden]. In Hugging Face terms it is a {@code
 * LlamaForSequenceClassification} (or that of another architecture) with one label, and its folder
 * is read and written as such.
 *
 * <p>It reads an exchange as a language model does, rendered by its own chat template and closed by
 * an end of sequence, up to the last token that is not {@code pad_token_id}. A response to a prompt
 * of text is read by its text, so responses of any policy can be scored; one to a prompt of token
 * ids by its ids.
 *
 * <p>It is trained like a language model, through {@link #step}: scores up, coefficients down,
 * where an item's score is its reward. Trained are all weights, or an adapter and the head if the
 * options name {@link LoraOptions}. Head and scores are float32 in every precision.
 *
 * <p>Scoring may run on several threads at once; a step runs alone. Whoever made it closes it,
 * after all calls have returned.
 */
public final class RewardModel implements AutoCloseable {

  private final Network network;

  private RewardModel(Network network) {
    this.network = network;
  }

  /** Loads the folder of a reward model on the CPU. */
  public static RewardModel load(Path folder) throws IOException {
    return load(folder, CausalLmOptions.DEFAULT);
  }

  /**
   * Loads the folder of a reward model: {@code config.json}, safetensors with {@code score.weight},
   * and the tokenizer if there is one.
   *
   * @throws io.sgpo.checkpoint.CheckpointException if a file is malformed or does not fit the
   *     others, or the head is missing or has more than one label, naming file, field or tensor
   * @throws IllegalStateException if the native library is missing, naming the artifact to add
   */
  public static RewardModel load(Path folder, CausalLmOptions options) throws IOException {
    AtomicDirectory.restore(folder);
    ModelConfig config = ConfigReader.readClassifier(folder);
    WeightLayout layout = new WeightLayout(config, WeightLayout.Head.SCALAR);
    try (ModelWeights weights = ModelWeights.open(folder)) {
      WeightFiles.check(folder, weights, config, layout);
      return assemble(
          layout,
          folder,
          ConfigFiles.read(folder),
          options,
          decoder -> WeightFiles.load(weights, decoder));
    }
  }

  /**
   * A reward model to be trained that begins as a language model: the weights of its folder, and a
   * fresh head, normal with standard deviation initializer_range, in the place of its own.
   *
   * @param folder of a language model
   * @param seed the head is a function of it
   * @throws io.sgpo.checkpoint.CheckpointException if a file is malformed or does not fit the
   *     others, naming file, field or tensor
   */
  public static RewardModel from(Path folder, long seed, CausalLmOptions options)
      throws IOException {
    AtomicDirectory.restore(folder);
    ModelConfig config = ConfigReader.read(folder);
    try (ModelWeights weights = ModelWeights.open(folder)) {
      WeightFiles.check(folder, weights, config, new WeightLayout(config));
      return assemble(
          new WeightLayout(config, WeightLayout.Head.SCALAR),
          folder,
          ConfigFiles.read(folder),
          options,
          decoder -> {
            WeightFiles.loadBody(weights, decoder);
            FreshWeights.fillHead(decoder, seed);
          });
    }
  }

  /**
   * A reward model with fresh random weights.
   *
   * @param config its shape; the tokenizer's end-of-sequence ids are added to those named there
   * @param tokenizerFolder a folder with {@code tokenizer.json}, or null for a model of token ids
   * @param seed the weights are a function of it
   */
  public static RewardModel create(
      ModelConfig config, @Nullable Path tokenizerFolder, long seed, CausalLmOptions options)
      throws IOException {
    WeightLayout layout = new WeightLayout(config, WeightLayout.Head.SCALAR);
    return assemble(
        layout,
        tokenizerFolder,
        ConfigFiles.NONE,
        options,
        decoder -> FreshWeights.fill(decoder, seed));
  }

  private static RewardModel assemble(
      WeightLayout layout,
      @Nullable Path folder,
      ConfigFiles loaded,
      CausalLmOptions options,
      Network.WeightSource weights)
      throws IOException {
    if (options.lora() != null && options.lora().perRole()) {
      throw new IllegalArgumentException("perRole must be false for a reward model, but was true");
    }
    return new RewardModel(
        Network.assemble("the reward model", layout, folder, loaded, options, weights));
  }

  /** The model's shape. */
  public ModelConfig config() {
    return network.decoder().config();
  }

  /** The number of weights. */
  public long parameters() {
    return network.decoder().layout().parameters();
  }

  /** As {@link CausalLm#nativeArrays}. */
  public int nativeArrays() {
    return network.open().liveArrays();
  }

  /**
   * The rewards r(x, y), in order.
   *
   * @param exchanges prompts with responses, possibly none
   * @throws IllegalArgumentException if an exchange cannot be read by this model, naming its row
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public double[] scores(List<Exchange> exchanges) {
    Decoder decoder = network.open();
    List<Row> rows = new ArrayList<>(exchanges.size());
    for (int i = 0; i < exchanges.size(); i++) {
      rows.add(network.encoder().whole(exchanges.get(i), "exchange " + i));
    }
    return Inference.score(decoder, network.options().batchTokens(), rows, 1).stream()
        .mapToDouble(LogProbs::sum)
        .toArray();
  }

  /**
   * One step of AdamW, as {@link CausalLm#step}: the score of an item is its reward, a single
   * value. The normaliser, clipping and micro-batches are those of the step's options; the
   * temperature must be 1.
   *
   * @throws ArithmeticException if loss or gradient is not finite; the step is then not applied
   * @throws IllegalArgumentException if the batch is empty or cannot be read by this model, or the
   *     temperature is not 1
   */
  public StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions step) {
    if (step.temperature() != 1) {
      throw new IllegalArgumentException(
          "temperature must be 1 for a reward model, but was " + step.temperature());
    }
    return network.step(batch, objective, step);
  }

  /** A step before it is run; the seam for tests of gradients. */
  TrainingStep training(List<TrainingGroup> batch, StepOptions step, Packing packing) {
    return network.training(batch, step, packing, LanePlan.ONE);
  }

  /** Forgets the optimizer's moments and step count, and sets its settings. */
  public void resetOptimizer(AdamW settings) {
    network.resetOptimizer(settings);
  }

  /** As {@link CausalLm#captureState}. */
  public void captureState(Path directory) throws IOException {
    network.captureState(directory);
  }

  /** As {@link CausalLm#restoreState}. */
  public void restoreState(Path directory) throws IOException {
    network.restoreState(directory);
  }

  /**
   * Hash of the weights, an adapter merged into them. Reads them all.
   *
   * @return SHA-256 in hexadecimal digits
   */
  public String digest() {
    return WeightDigest.of(MergedWeights.of(network.open()));
  }

  /**
   * Saves a Hugging Face folder of configuration, float32 weights and the tokenizer's files, which
   * transformers reads as a sequence classifier. An adapter is merged. A model folder that is there
   * is replaced once the new one is complete.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the directory holds something else
   */
  public void save(Path directory) throws IOException {
    network.export(directory, ExportOptions.DEFAULT);
  }

  /** The same in another type or in shards. */
  public void export(Path directory, ExportOptions export) throws IOException {
    network.export(directory, export);
  }

  /** The weights and kernels, for tests. */
  Decoder decoder() {
    return network.decoder();
  }

  @Override
  public void close() {
    network.close();
  }
}
