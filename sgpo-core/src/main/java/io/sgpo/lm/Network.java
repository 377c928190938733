package io.sgpo.lm;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
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
 * A decoder that is trained: what a language model and a reward model have in common. Whoever made
 * it closes it.
 */
final class Network implements AutoCloseable {

  private final String owner;
  private final Decoder decoder;
  private final Encoder encoder;
  private final TokenizerFiles tokenizerFiles;
  private final CausalLmOptions options;
  private final Optimizer optimizer;
  private final MemoryEstimate memory;

  private Network(
      String owner,
      Decoder decoder,
      Encoder encoder,
      TokenizerFiles tokenizerFiles,
      CausalLmOptions options) {
    this.owner = owner;
    this.decoder = decoder;
    this.encoder = encoder;
    this.tokenizerFiles = tokenizerFiles;
    this.options = options;
    this.optimizer = new Optimizer(decoder);
    this.memory = MemoryEstimate.of(decoder.layout(), options);
  }

  /** Sets the weights of a decoder. */
  interface WeightSource {
    void fill(Decoder decoder) throws IOException;
  }

  /**
   * Makes a network.
   *
   * @param owner what messages call it
   * @param folder where the tokenizer is, or null for a network of token ids
   */
  static Network assemble(
      String owner,
      WeightLayout layout,
      @Nullable Path folder,
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
        Network network = new Network(owner, decoder, new Encoder(renderer, full), files, options);
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
    TrainingStep training =
        training(batch, step, Packing.of(decoder.config(), options.batchTokens()));
    long tokens = Math.min(options.batchTokens(), training.tokensAtOnce());
    memory.requireTraining(options, tokens);
    Interruption.check("training");
    return training.run(objective);
  }

  /** A step before it is run. */
  TrainingStep training(List<TrainingGroup> batch, StepOptions step, Packing packing) {
    boolean scalar = decoder.layout().head() == WeightLayout.Head.SCALAR;
    List<List<Row>> groups = new ArrayList<>(batch.size());
    for (int g = 0; g < batch.size(); g++) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < batch.get(g).items().size(); i++) {
        var exchange = batch.get(g).items().get(i).exchange();
        String where = "group " + g + ", item " + i;
        rows.add(scalar ? encoder.whole(exchange, where) : encoder.row(exchange, where));
      }
      groups.add(rows);
    }
    return new TrainingStep(decoder, optimizer, groups, step, packing);
  }

  void resetOptimizer(AdamW settings) {
    Objects.requireNonNull(settings, "settings");
    open();
    optimizer.reset(settings);
  }

  void captureState(Path directory) throws IOException {
    open();
    AtomicDirectory.write(directory, target -> StateFile.write(decoder, optimizer, target));
  }

  void restoreState(Path directory) throws IOException {
    StateFile.read(open(), optimizer, directory);
  }

  /**
   * Writes a Hugging Face folder; one that is there is replaced once the new one is complete. An
   * adapter is merged.
   */
  void export(Path directory, ExportOptions export) throws IOException {
    open();
    AtomicDirectory.replace(
        directory,
        ConfigReader.CONFIG,
        target -> {
          ConfigWriter.write(decoder.layout(), export.dtype(), target);
          WeightFiles.save(decoder, export, target);
          tokenizerFiles.write(target);
        });
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
