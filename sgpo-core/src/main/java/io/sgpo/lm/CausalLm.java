package io.sgpo.lm;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.checkpoint.ModelWeights;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.PromptEmbedder;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only language model of a Hugging Face folder. Trained are all weights or, if the
 * options name {@link LoraOptions}, an adapter over frozen ones; gradients, moments and what is
 * trained are float32, matrix products are of the {@link Precision} that the options name.
 * Checkpoints in F32, F16 and BF16 are read.
 *
 * <p>Sampling and scoring may run on several threads at once; a step of this model runs alone,
 * steps of different models may run side by side. Equal seeds, threads, batch sizes, memory limits
 * and processors give equal bytes. The model holds native memory: 4 bytes per weight in float32 and
 * 2 in bfloat16; per trained number 12 more once it is trained, 4 more for the masters of bfloat16
 * weights, and 4 more for each further lane of its steps, until responses are drawn. A reference
 * copies the weights, except under LoRA, where it shares them. Whoever made it closes it, after all
 * calls have returned. Nor may the JVM exit beside them: a kernel that still runs then may crash
 * it, so a program that is asked to end interrupts its calls first and waits for them.
 */
public final class CausalLm implements TrainablePolicy, PromptEmbedder {

  private final Network network;
  private final @Nullable String baseName;
  private volatile IntConsumer onResponse = tokens -> {};

  private CausalLm(Network network, @Nullable Path folder) {
    this.network = network;
    this.baseName = folder == null ? null : folder.toString();
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
      return assemble(
          config,
          folder,
          ConfigFiles.read(folder),
          options,
          decoder -> WeightFiles.load(weights, decoder));
    }
  }

  /**
   * Loads a model folder and an adapter in PEFT's layout over it, which is trained on: {@code
   * adapter_config.json} and {@code adapter_model.safetensors}. If it holds a folder {@code
   * follower} of the same kind, that is the follower's own adapter, as {@link #save} writes it.
   *
   * @param options whose {@code lora} must be null: rank, targets and the rest come from the folder
   * @throws io.sgpo.checkpoint.CheckpointException if a file is malformed, does not fit the others,
   *     or asks for something other than plain LoRA on linear layers, naming file, field or tensor
   * @throws IllegalArgumentException if the options name an adapter too
   */
  public static CausalLm load(Path folder, Path adapter, CausalLmOptions options)
      throws IOException {
    return load(folder, adapter, 0, options);
  }

  /**
   * The same where the adapter is trained with dropout of another seed.
   *
   * @param dropoutSeed the dropped elements are a function of it; 0 unless set
   */
  public static CausalLm load(Path folder, Path adapter, long dropoutSeed, CausalLmOptions options)
      throws IOException {
    if (options.lora() != null) {
      throw new IllegalArgumentException(
          "lora must be null where an adapter is loaded, but was " + options.lora());
    }
    try (AdapterFolder adapters = AdapterFolder.open(adapter)) {
      AtomicDirectory.restore(folder);
      ModelConfig config = ConfigReader.read(folder);
      WeightLayout layout = new WeightLayout(config);
      LoraOptions lora = adapters.options(layout, dropoutSeed);
      try (ModelWeights weights = ModelWeights.open(folder)) {
        WeightFiles.check(folder, weights, config, layout);
        return assemble(
            config,
            folder,
            ConfigFiles.read(folder),
            options.withLora(lora),
            adapters.over(weights, layout, lora));
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
    return assemble(
        config,
        tokenizerFolder,
        ConfigFiles.NONE,
        options,
        decoder -> FreshWeights.fill(decoder, seed));
  }

  private static CausalLm assemble(
      ModelConfig config,
      @Nullable Path folder,
      ConfigFiles loaded,
      CausalLmOptions options,
      Network.WeightSource weights)
      throws IOException {
    WeightLayout layout = new WeightLayout(config);
    return new CausalLm(
        Network.assemble("the policy", layout, folder, loaded, options, weights), folder);
  }

  /** The model's shape. */
  public ModelConfig config() {
    return network.decoder().config();
  }

  /** The number of weights; a tied embedding counts once. */
  public long parameters() {
    return network.decoder().layout().parameters();
  }

  /**
   * The number of native arrays that the model holds: the same after equal rounds of calls once all
   * have been made that are made when they are first needed, such as moments. The memory of a
   * step's gradients is kept for the next step, and counted, until responses are drawn or a
   * reference copies the weights. For watching long runs; not to be called while another call runs.
   */
  public int nativeArrays() {
    return network.liveArrays();
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    return Inference.sample(
        network.open(sampling.role()), generator(sampling), network.encoder(), prompts, sampling);
  }

  private Generator generator(Sampling sampling) {
    return new Generator(config(), sampling, network.options().limits(), this::ended);
  }

  private void ended(int tokens) {
    onResponse.accept(tokens);
  }

  /**
   * Hears of every response that this model draws, also in its sessions and not in its references,
   * as soon as it has ended: its number of tokens. For showing progress; nobody hears unless set.
   *
   * @param listener called on a thread that draws, once at a time in a call of {@link #sample};
   *     what it throws ends the draw
   */
  public void onResponse(IntConsumer listener) {
    onResponse = Objects.requireNonNull(listener, "listener");
  }

  /**
   * {@inheritDoc} The keys and values of what a call drew are kept until prompts of the next call
   * that begin with the same tokens have been read, within {@link MemoryEstimate#session} and only
   * as far as the memory limit leaves room beside what {@link MemoryEstimate#inference} says.
   */
  @Override
  public SamplingSession session() {
    network.open();
    return new LmSession(network::open, network.encoder(), network.options().limits(), this::ended);
  }

  @Override
  public List<List<Sample>> sampleMixture(
      List<? extends Prompt> prompts, Sampling sampling, FrozenPolicy reference, double mixture) {
    if (!(mixture >= 0 && mixture <= 1)) {
      throw new IllegalArgumentException("mixture must be in [0, 1], but was " + mixture);
    }
    FrozenLm frozen = FrozenLm.from(reference);
    network.open();
    network.requireMixture();
    return Inference.sample(
        network.open(sampling.role()),
        frozen.open(sampling.role()),
        generator(sampling),
        network.encoder(),
        prompts,
        sampling,
        mixture);
  }

  @Override
  public List<LogProbs> mixtureLogProbs(
      List<Exchange> exchanges, FrozenPolicy reference, double mixture) {
    if (!Double.isFinite(mixture)) {
      throw new IllegalArgumentException("mixture must be finite, but was " + mixture);
    }
    return MixtureScorer.score(
        network.open(),
        FrozenLm.from(reference).open(PolicyRole.LEADER),
        network.options().batchTokens(),
        Inference.rows(network.encoder(), exchanges, 1),
        mixture);
  }

  @Override
  public List<float[]> embeddings(List<? extends Prompt> prompts) {
    return Inference.embeddings(
        network.open(), network.encoder(), network.options().limits(), prompts);
  }

  @Override
  public String device() {
    return network.options().device().name();
  }

  @Override
  public boolean hasFollowerWeights() {
    return network.hasFollower();
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    return logProbs(exchanges, temperature, PolicyRole.LEADER);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature, PolicyRole role) {
    return Inference.logProbs(
        network.open(role),
        network.encoder(),
        network.options().batchTokens(),
        exchanges,
        temperature);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if all weights are trained and their copy needs more memory than
   *     there is
   */
  @Override
  public FrozenPolicy reference() {
    List<Decoder> copies = new ArrayList<>();
    boolean complete = false;
    try {
      copies.add(network.open().freeze());
      if (network.hasFollower()) {
        copies.add(network.open(PolicyRole.FOLLOWER).freeze());
      }
      FrozenPolicy frozen = FrozenLm.of(copies, network.encoder(), network.options().limits());
      network.encoder().retain();
      complete = true;
      return frozen;
    } finally {
      if (!complete) {
        copies.forEach(Decoder::close);
      }
    }
  }

  @Override
  public StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions step) {
    return network.step(batch, objective, step);
  }

  /** A step before it is run; the seam for tests of gradients. */
  TrainingStep training(List<TrainingGroup> batch, StepOptions step) {
    return training(batch, step, Packing.of(config(), network.options().batchTokens()));
  }

  TrainingStep training(List<TrainingGroup> batch, StepOptions step, Packing packing) {
    return training(batch, step, packing, LanePlan.ONE);
  }

  TrainingStep training(
      List<TrainingGroup> batch, StepOptions step, Packing packing, LanePlan lanes) {
    return network.training(batch, step, packing, lanes);
  }

  @Override
  public void resetOptimizer(AdamW settings) {
    network.resetOptimizer(settings);
  }

  @Override
  public void captureState(Path directory) throws IOException {
    network.captureState(directory);
  }

  @Override
  public void restoreState(Path directory) throws IOException {
    network.restoreState(directory);
  }

  /**
   * Saves what is trained. All weights: a Hugging Face folder of configuration, float32 weights and
   * the tokenizer's files. An adapter: PEFT's folder, {@code adapter_config.json} and {@code
   * adapter_model.safetensors} in float32; the follower's own in a folder {@code follower} within
   * it. A folder of that kind that is there is replaced once the new one is complete; a folder that
   * holds files but no such configuration is refused. Loaded again, with the same precision, it
   * scores as this model does, bit for bit.
   */
  @Override
  public void save(Path directory) throws IOException {
    Decoder leader = network.open();
    if (leader.adapter() == null) {
      export(directory, ExportOptions.DEFAULT);
    } else {
      Decoder follower = network.hasFollower() ? network.open(PolicyRole.FOLLOWER) : null;
      AdapterFolder.write(leader, follower, baseName, directory);
    }
  }

  /**
   * Saves a Hugging Face folder of configuration, weights and the tokenizer's files, which other
   * software reads. An adapter is merged, the leader's if there are two: W + s B A, computed in
   * float32 and then rounded. A model folder that is there is replaced once the new one is
   * complete; a folder that holds files but no {@code config.json} is refused.
   *
   * @throws io.sgpo.checkpoint.CheckpointException if a weight is not finite in the options' type,
   *     naming it
   */
  public void export(Path directory, ExportOptions export) throws IOException {
    export(directory, export, PolicyRole.LEADER);
  }

  /**
   * As {@link #export(Path, ExportOptions)}, with the adapter of a role merged. Both roles have the
   * same one unless {@link #hasFollowerWeights}.
   */
  public void export(Path directory, ExportOptions export, PolicyRole role) throws IOException {
    network.export(directory, export, role);
  }

  /**
   * Hash of the leader's weights, an adapter merged into them. Reads them all.
   *
   * @return SHA-256 in hexadecimal digits
   */
  public String digest() {
    return WeightDigest.of(MergedWeights.of(network.open()));
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
