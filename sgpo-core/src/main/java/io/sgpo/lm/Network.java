package io.sgpo.lm;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
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
 * A decoder that is trained: what a language model and a reward model have in common. Whoever made
 * it closes it.
 */
final class Network implements AutoCloseable {

  private final String owner;
  private final Trainee leader;
  private final @Nullable Trainee follower;
  private final Decoder decoder;
  private final Encoder encoder;
  private final TokenizerFiles tokenizerFiles;
  private final ConfigFiles configFiles;
  private final CausalLmOptions options;
  private final MemoryEstimate memory;

  private Network(
      String owner,
      Trainee leader,
      @Nullable Trainee follower,
      Encoder encoder,
      TokenizerFiles tokenizerFiles,
      ConfigFiles configFiles,
      CausalLmOptions options) {
    this.owner = owner;
    this.leader = leader;
    this.follower = follower;
    this.decoder = leader.decoder();
    this.encoder = encoder;
    this.tokenizerFiles = tokenizerFiles;
    this.configFiles = configFiles;
    this.options = options;
    this.memory = MemoryEstimate.of(decoder.layout(), options);
  }

  /** Sets the weights of a decoder. */
  interface WeightSource {
    void fill(Decoder decoder) throws IOException;

    /** The follower's adapter where each role has one, given the leader's. */
    default LoraOptions follower(LoraOptions lora) {
      return lora.ofFollower();
    }

    /** Sets the follower's adapter; it starts afresh unless this says otherwise. */
    default void fillFollower(Decoder decoder) throws IOException {}
  }

  /**
   * Makes a network.
   *
   * @param owner what messages call it
   * @param folder where the tokenizer is, or null for a network of token ids
   * @param loaded the configuration that the layout was read from, which an export begins with
   */
  static Network assemble(
      String owner,
      WeightLayout layout,
      @Nullable Path folder,
      ConfigFiles loaded,
      CausalLmOptions options,
      WeightSource weights)
      throws IOException {
    Renderer renderer = folder == null ? null : Renderer.load(folder);
    boolean complete = false;
    try {
      ModelConfig config = layout.config();
      ModelConfig full =
          folder == null ? config : withEnds(config, folder, Encoder.endOfSequence(renderer));
      WeightLayout fullLayout = new WeightLayout(full, layout.head());
      MemoryEstimate.of(fullLayout, options).requireInference(options);
      Decoder decoder = Decoder.create(fullLayout, options);
      try {
        if (decoder.adapter() != null) {
          FreshWeights.fillAdapter(decoder, decoder.adapter());
        }
        weights.fill(decoder);
        TokenizerFiles files = folder == null ? TokenizerFiles.NONE : TokenizerFiles.read(folder);
        Encoder encoder = new Encoder(renderer, full);
        Trainee follower = follower(decoder, options, weights);
        Network network =
            new Network(owner, Trainee.of(decoder), follower, encoder, files, loaded, options);
        complete = true;
        return network;
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

  /** Made last, so that nothing can fail that would have to close it. */
  private static @Nullable Trainee follower(
      Decoder leader, CausalLmOptions options, WeightSource weights) throws IOException {
    LoraOptions lora = options.lora();
    if (lora == null || !lora.perRole()) {
      return null;
    }
    Decoder decoder = leader.withAdapter(weights.follower(lora));
    boolean complete = false;
    try {
      if (decoder.adapter() != null) {
        FreshWeights.fillAdapter(decoder, decoder.adapter());
      }
      weights.fillFollower(decoder);
      complete = true;
      return Trainee.of(decoder);
    } finally {
      if (!complete) {
        decoder.close();
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

  /** The decoder, open or closed. */
  Decoder decoder() {
    return decoder;
  }

  Encoder encoder() {
    return encoder;
  }

  TokenizerFiles tokenizerFiles() {
    return tokenizerFiles;
  }

  CausalLmOptions options() {
    return options;
  }

  /** Whether the follower has an adapter of its own. */
  boolean hasFollower() {
    return follower != null;
  }

  /** The decoder of a role, to be used. */
  Decoder open(PolicyRole role) {
    open();
    return role == PolicyRole.FOLLOWER && follower != null ? follower.decoder() : decoder;
  }

  private List<Trainee> trainees() {
    return follower == null ? List.of(leader) : List.of(leader, follower);
  }

  /** The number of native arrays held. */
  int liveArrays() {
    int arrays = open().liveArrays();
    return follower == null ? arrays : arrays + follower.decoder().liveOwnArrays();
  }

  /** The decoder, to be used. */
  Decoder open() {
    if (decoder.isClosed()) {
      throw new IllegalStateException(owner + " is closed");
    }
    return decoder;
  }

  /**
   * @throws IllegalArgumentException if the batch is empty or an exchange cannot be read
   * @throws IllegalStateException if the step needs more memory than there is
   * @throws ArithmeticException if something is not finite; nothing is then applied
   */
  StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions step) {
    open();
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("batch must not be empty");
    }
    Packing packing = Packing.of(decoder.config(), options.batchTokens());
    TrainingStep training = training(batch, step, packing, lanes());
    requireMemory(training.largest());
    Interruption.check("training");
    return training.run(objective);
  }

  /** As many lanes as threads of the engine and the memory of gradients allow. */
  private LanePlan lanes() {
    return options.device().isCpu()
        ? LanePlan.training(PyTorch.threads(), memory.gradients())
        : LanePlan.ONE;
  }

  /** Whether there is room for a step's lanes; if so, there are kernels for them. */
  private boolean opens(StepSize size) {
    return memory.allowsLanes(options, decoder.holdings(), size)
        && trainees().stream().allMatch(trainee -> trainee.decoder().lanes().open(size.lanes()));
  }

  /** Where a step needs the room, sampling's second copy of the weights goes first. */
  private void requireMemory(StepSize size) {
    Holdings held = decoder.holdings();
    if (!memory.allowsTraining(options, held, size)) {
      decoder.dropPacked();
      memory.requireTraining(options, held, size);
    }
  }

  /**
   * @throws IllegalStateException if a draw from a mixture with a reference needs more memory than
   *     there is
   */
  void requireMixture() {
    memory.requireMixture(options, decoder.holdings());
  }

  /** A step before it is run: in one lane if there is no room for those of the plan. */
  TrainingStep training(
      List<TrainingGroup> batch, StepOptions step, Packing packing, LanePlan lanes) {
    boolean scalar = decoder.layout().head() == WeightLayout.Head.SCALAR;
    List<List<Row>> groups = new ArrayList<>(batch.size());
    List<List<Integer>> owners = new ArrayList<>(batch.size());
    for (int g = 0; g < batch.size(); g++) {
      List<Row> rows = new ArrayList<>();
      List<Integer> ofGroup = new ArrayList<>();
      for (int i = 0; i < batch.get(g).items().size(); i++) {
        TrainingItem item = batch.get(g).items().get(i);
        Exchange exchange = item.exchange();
        ofGroup.add(follower != null && item.role() == PolicyRole.FOLLOWER ? 1 : 0);
        String where = "group " + g + ", item " + i;
        rows.add(scalar ? encoder.whole(exchange, where) : encoder.row(exchange, where));
      }
      groups.add(rows);
      owners.add(ofGroup);
    }
    TrainingStep divided = new TrainingStep(trainees(), groups, owners, step, packing, lanes);
    return divided.largest().lanes() == 1 || opens(divided.largest())
        ? divided
        : new TrainingStep(trainees(), groups, owners, step, packing, LanePlan.ONE);
  }

  void resetOptimizer(AdamW settings) {
    Objects.requireNonNull(settings, "settings");
    open();
    trainees().forEach(trainee -> trainee.optimizer().reset(settings));
  }

  void captureState(Path directory) throws IOException {
    open();
    AtomicDirectory.write(
        directory,
        target -> {
          StateFile.write(leader, target.resolve(StateFile.NAME));
          if (follower != null) {
            StateFile.write(follower, target.resolve(StateFile.FOLLOWER));
          }
        });
  }

  void restoreState(Path directory) throws IOException {
    open();
    if (follower != null) {
      StateFile.check(follower, directory.resolve(StateFile.FOLLOWER));
    }
    StateFile.read(leader, directory.resolve(StateFile.NAME));
    if (follower != null) {
      StateFile.read(follower, directory.resolve(StateFile.FOLLOWER));
    }
  }

  /**
   * Writes a Hugging Face folder; one that is there is replaced once the new one is complete. An
   * adapter is merged.
   */
  void export(Path directory, ExportOptions export) throws IOException {
    export(directory, export, PolicyRole.LEADER);
  }

  /** The same with the adapter of a role. */
  void export(Path directory, ExportOptions export, PolicyRole role) throws IOException {
    Decoder exported = open(role);
    AtomicDirectory.replace(
        directory,
        ConfigReader.CONFIG,
        target -> {
          ConfigWriter.write(exported.layout(), configFiles, export.dtype(), target);
          WeightFiles.save(exported, export, target);
          tokenizerFiles.write(target);
        });
  }

  @Override
  public void close() {
    if (!decoder.isClosed()) {
      if (follower != null) {
        follower.close();
      }
      leader.close();
      encoder.release();
    }
  }
}
