package io.sgpo.lm;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PromptEmbedder;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.text.Renderer;
import io.sgpo.train.Interruption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only language model of a Hugging Face folder. Trained are all weights or, if the
 * options name {@link LoraOptions}, an adapter over frozen ones; gradients, moments and what is
 * trained are float32, matrix products are of the {@link Precision} that the options name.
 * Checkpoints in F32, F16 and BF16 are read.
 *
 * <p>Sampling and scoring may run on several threads at once; a step of this model runs alone,
 * steps of different models may run side by side. Equal seeds, threads, batch sizes and processor
 * give equal bytes. The model holds native memory: 4 bytes per weight in float32 and 2 in bfloat16;
 * per trained number 12 more once it is trained, and 4 more for the masters of bfloat16 weights. A
 * reference copies the weights, except under LoRA, where it shares them. Whoever made it closes it,
 * after all calls have returned.
 */
public final class CausalLm implements TrainablePolicy, PromptEmbedder {

  private final Decoder decoder;
  private final Encoder encoder;
  private final TokenizerFiles tokenizerFiles;
  private final CausalLmOptions options;
  private final @Nullable String baseName;
  private final Optimizer optimizer;
  private final MemoryEstimate memory;

  private CausalLm(
      Decoder decoder,
      Encoder encoder,
      TokenizerFiles tokenizerFiles,
      CausalLmOptions options,
      @Nullable Path folder) {
    this.baseName = folder == null ? null : folder.toString();
    this.decoder = decoder;
    this.encoder = encoder;
    this.tokenizerFiles = tokenizerFiles;
    this.options = options;
    this.optimizer = new Optimizer(decoder);
    this.memory = MemoryEstimate.of(decoder.config(), options);
  }

  /** Loads a model folder on the CPU. */
  public static CausalLm load(Path folder) throws IOException {
    return load(folder, CausalLmOptions.DEFAULT);
  }

  /**
   * Loads a model folder: {@code config.json}, safetensors, and the tokenizer if there is one;
   * without it the model reads token ids only.
   *
   * @throws io.sgpo.checkpoint.CheckpointException if a file is malformed or does not fit the
   *     others, naming file, field or tensor
   * @throws IllegalStateException if the native library is missing, naming the artifact to add
   */
  public static CausalLm load(Path folder, CausalLmOptions options) throws IOException {
    AtomicDirectory.restore(folder);
    ModelConfig config = ConfigReader.read(folder);
    try (ModelWeights weights = ModelWeights.open(folder)) {
      WeightFiles.check(folder, weights, config, new WeightLayout(config));
      return assemble(config, folder, options, decoder -> WeightFiles.load(weights, decoder));
    }
  }

  /**
   * Loads a model folder and an adapter in PEFT's layout over it, which is trained on: {@code
   * adapter_config.json} and {@code adapter_model.safetensors}.
   *
   * @param options whose {@code lora} must be null: rank, targets and the rest come from the folder
   * @throws io.sgpo.checkpoint.CheckpointException if a file is malformed, does not fit the others,
   *     or asks for something other than plain LoRA on linear layers, naming file, field or tensor
   * @throws IllegalArgumentException if the options name an adapter too
   */
  public static CausalLm load(Path folder, Path adapter, CausalLmOptions options)
      throws IOException {
    if (options.lora() != null) {
      throw new IllegalArgumentException(
          "lora must be null where an adapter is loaded, but was " + options.lora());
    }
    AtomicDirectory.restore(adapter);
    try (AdapterFiles files = AdapterFiles.open(adapter)) {
      AtomicDirectory.restore(folder);
      ModelConfig config = ConfigReader.read(folder);
      WeightLayout layout = new WeightLayout(config);
      LoraOptions lora = files.check(layout);
      try (ModelWeights weights = ModelWeights.open(folder)) {
        WeightFiles.check(folder, weights, config, layout);
        return assemble(
            config,
            folder,
            options.withLora(lora),
            decoder -> {
              WeightFiles.load(weights, decoder);
              files.load(decoder);
            });
      }
    }
  }

  /** A model with fresh random weights on the CPU, to be trained from scratch. */
  public static CausalLm create(ModelConfig config, @Nullable Path tokenizerFolder, long seed)
      throws IOException {
    return create(config, tokenizerFolder, seed, CausalLmOptions.DEFAULT);
  }

  /**
   * A model with fresh random weights, to be trained from scratch.
   *
   * @param config its shape; the tokenizer's end-of-sequence ids are added to those named there
   * @param tokenizerFolder a folder with {@code tokenizer.json}, or null for a model of token ids
   * @param seed the weights are a function of it
   * @throws io.sgpo.checkpoint.CheckpointException if a file of the tokenizer is malformed
   */
  public static CausalLm create(
      ModelConfig config, @Nullable Path tokenizerFolder, long seed, CausalLmOptions options)
      throws IOException {
    return assemble(config, tokenizerFolder, options, decoder -> FreshWeights.fill(decoder, seed));
  }

  /** Sets the weights of a decoder. */
  private interface WeightSource {
    void fill(Decoder decoder) throws IOException;
  }

  private static CausalLm assemble(
      ModelConfig config, @Nullable Path folder, CausalLmOptions options, WeightSource weights)
      throws IOException {
    Renderer renderer = folder == null ? null : Renderer.load(folder);
    boolean complete = false;
    try {
      ModelConfig full =
          folder == null ? config : withEnds(config, folder, Encoder.endOfSequence(renderer));
      MemoryEstimate.of(full, options).requireInference(options);
      Decoder decoder = Decoder.create(full, options);
      try {
        if (decoder.adapter() != null) {
          FreshWeights.fillAdapter(decoder, decoder.adapter());
        }
        weights.fill(decoder);
        TokenizerFiles files = folder == null ? TokenizerFiles.NONE : TokenizerFiles.read(folder);
        CausalLm model = new CausalLm(decoder, new Encoder(renderer, full), files, options, folder);
        complete = true;
        return model;
      } finally {
        if (!complete) {
          decoder.close();
        }
      }
    } finally {
      if (!complete && renderer != null) {
        renderer.close();
      }
    }
  }

  private static ModelConfig withEnds(ModelConfig config, Path folder, Set<Integer> ends)
      throws CheckpointException {
    Set<Integer> all = new TreeSet<>(config.endOfSequence());
    all.addAll(ends);
    try {
      return config.withEndOfSequence(all);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          folder, null, "its tokenizer does not fit the model: " + e.getMessage(), e);
    }
  }

  /** The model's shape. */
  public ModelConfig config() {
    return decoder.config();
  }

  /** The number of weights; a tied embedding counts once. */
  public long parameters() {
    return decoder.layout().parameters();
  }

  /**
   * The number of native arrays that the model holds: the same before and after every call once all
   * have been made that are made when they are first needed, such as moments. For watching long
   * runs; not to be called while another call runs.
   */
  public int nativeArrays() {
    return open().liveArrays();
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    return Inference.sample(open(), encoder, options.limits(), prompts, sampling);
  }

  @Override
  public List<List<Sample>> sampleMixture(
      List<? extends Prompt> prompts, Sampling sampling, FrozenPolicy reference, double mixture) {
    if (!(mixture >= 0 && mixture <= 1)) {
      throw new IllegalArgumentException("mixture must be in [0, 1], but was " + mixture);
    }
    FrozenLm frozen = frozen(reference);
    return Inference.sample(
        open(), frozen.open(), encoder, options.limits(), prompts, sampling, mixture);
  }

  @Override
  public List<LogProbs> mixtureLogProbs(
      List<Exchange> exchanges, FrozenPolicy reference, double mixture) {
    if (!Double.isFinite(mixture)) {
      throw new IllegalArgumentException("mixture must be finite, but was " + mixture);
    }
    Decoder other = frozen(reference).open();
    return MixtureScorer.score(
        open(), other, options.batchTokens(), Inference.rows(encoder, exchanges, 1), mixture);
  }

  private static FrozenLm frozen(FrozenPolicy reference) {
    if (reference instanceof FrozenLm frozen) {
      return frozen;
    }
    throw new IllegalArgumentException(
        "reference must be that of a CausalLm, but was a " + reference.getClass().getName());
  }

  @Override
  public List<float[]> embeddings(List<? extends Prompt> prompts) {
    return Inference.embeddings(open(), encoder, options.limits(), prompts);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    return Inference.logProbs(open(), encoder, options.batchTokens(), exchanges, temperature);
  }

  @Override
  public FrozenPolicy reference() {
    Decoder copy = open().freeze();
    boolean complete = false;
    try {
      FrozenPolicy frozen = new FrozenLm(copy, encoder, options.limits());
      encoder.retain();
      complete = true;
      return frozen;
    } finally {
      if (!complete) {
        copy.close();
      }
    }
  }

  @Override
  public StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions step) {
    open();
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("batch must not be empty");
    }
    TrainingStep training = training(batch, step);
    long tokens = Math.min(options.batchTokens(), training.tokensAtOnce());
    memory.requireTraining(options, tokens);
    Interruption.check("training");
    return training.run(objective);
  }

  /** A step before it is run; the seam for tests of gradients. */
  TrainingStep training(List<TrainingGroup> batch, StepOptions step) {
    return training(batch, step, Packing.of(config(), options.batchTokens()));
  }

  TrainingStep training(List<TrainingGroup> batch, StepOptions step, Packing packing) {
    List<List<Row>> groups = new ArrayList<>(batch.size());
    for (int g = 0; g < batch.size(); g++) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < batch.get(g).items().size(); i++) {
        rows.add(encoder.row(batch.get(g).items().get(i).exchange(), "group " + g + ", item " + i));
      }
      groups.add(rows);
    }
    return new TrainingStep(decoder, optimizer, groups, step, packing);
  }

  @Override
  public void resetOptimizer(AdamW settings) {
    Objects.requireNonNull(settings, "settings");
    open();
    optimizer.reset(settings);
  }

  @Override
  public void captureState(Path directory) throws IOException {
    open();
    AtomicDirectory.write(directory, target -> StateFile.write(decoder, optimizer, target));
  }

  @Override
  public void restoreState(Path directory) throws IOException {
    StateFile.read(open(), optimizer, directory);
  }

  /**
   * Saves what is trained. All weights: a Hugging Face folder of configuration, float32 weights and
   * the tokenizer's files. An adapter: PEFT's folder, {@code adapter_config.json} and {@code
   * adapter_model.safetensors} in float32. A folder of that kind that is there is replaced once the
   * new one is complete; a folder that holds files but no such configuration is refused. Loaded
   * again, with the same precision, it scores as this model does, bit for bit.
   */
  @Override
  public void save(Path directory) throws IOException {
    Adapter adapter = open().adapter();
    if (adapter == null) {
      export(directory, ExportOptions.DEFAULT);
    } else {
      AtomicDirectory.replace(
          directory,
          AdapterConfig.NAME,
          target -> AdapterFiles.write(decoder, adapter, baseName, target));
    }
  }

  /**
   * Saves a Hugging Face folder of configuration, weights and the tokenizer's files, which other
   * software reads. An adapter is merged: W + s B A, computed in float32 and then rounded. A model
   * folder that is there is replaced once the new one is complete; a folder that holds files but no
   * {@code config.json} is refused.
   *
   * @throws io.sgpo.checkpoint.CheckpointException if a weight is not finite in the options' type,
   *     naming it
   */
  public void export(Path directory, ExportOptions export) throws IOException {
    open();
    AtomicDirectory.replace(
        directory,
        ConfigReader.CONFIG,
        target -> {
          ConfigWriter.write(config(), export.dtype(), target);
          WeightFiles.save(decoder, export, target);
          tokenizerFiles.write(target);
        });
  }

  /** The weights and kernels, for tests. */
  Decoder decoder() {
    return decoder;
  }

  private Decoder open() {
    if (decoder.isClosed()) {
      throw new IllegalStateException("the policy is closed");
    }
    return decoder;
  }

  @Override
  public void close() {
    if (!decoder.isClosed()) {
      optimizer.close();
      decoder.close();
      encoder.release();
    }
  }
}
