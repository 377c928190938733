package io.sgpo.lm;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.checkpoint.ModelWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder in PEFT's layout with the leader's adapter and, in a folder {@code follower} within it,
 * the follower's own if there is one.
 */
final class AdapterFolder implements AutoCloseable {

  private static final String FOLLOWER = "follower";

  private final AdapterFiles leader;
  private final @Nullable AdapterFiles follower;

  private AdapterFolder(AdapterFiles leader, @Nullable AdapterFiles follower) {
    this.leader = leader;
    this.follower = follower;
  }

  static AdapterFolder open(Path folder) throws IOException {
    AtomicDirectory.restore(folder);
    AdapterFiles leader = AdapterFiles.open(folder);
    boolean complete = false;
    try {
      Path inner = folder.resolve(FOLLOWER);
      AdapterFiles follower = Files.isDirectory(inner) ? AdapterFiles.open(inner) : null;
      complete = true;
      return new AdapterFolder(leader, follower);
    } finally {
      if (!complete) {
        leader.close();
      }
    }
  }

  /**
   * The leader's options.
   *
   * @param dropoutSeed that of both roles' dropout
   * @throws io.sgpo.checkpoint.CheckpointException if the leader's adapter does not fit the model
   */
  LoraOptions options(WeightLayout layout, long dropoutSeed) throws IOException {
    return leader.check(layout).perRole(follower != null).seed(dropoutSeed);
  }

  /**
   * The adapters over the weights of a model.
   *
   * @param lora the leader's options
   * @throws io.sgpo.checkpoint.CheckpointException if the follower's adapter does not fit the model
   */
  Network.WeightSource over(ModelWeights weights, WeightLayout layout, LoraOptions lora)
      throws IOException {
    LoraOptions ofFollower =
        follower == null ? lora : follower.check(layout).seed(lora.ofFollower().seed());
    return new Network.WeightSource() {
      @Override
      public void fill(Decoder decoder) throws IOException {
        WeightFiles.load(weights, decoder);
        leader.load(decoder);
      }

      @Override
      public LoraOptions follower(LoraOptions any) {
        return ofFollower;
      }

      @Override
      public void fillFollower(Decoder decoder) throws IOException {
        Objects.requireNonNull(follower, "follower").load(decoder);
      }
    };
  }

  /**
   * Writes the adapters; a folder of the kind that is there is replaced once the new one is
   * complete.
   *
   * @param follower the follower's weights if it has its own
   * @param baseName what the model is called in the files
   */
  static void write(
      Decoder leader, @Nullable Decoder follower, @Nullable String baseName, Path folder)
      throws IOException {
    AtomicDirectory.replace(
        folder,
        AdapterConfig.NAME,
        target -> {
          write(leader, baseName, target);
          if (follower != null) {
            write(follower, baseName, Files.createDirectory(target.resolve(FOLLOWER)));
          }
        });
  }

  private static void write(Decoder decoder, @Nullable String baseName, Path folder)
      throws IOException {
    AdapterFiles.write(decoder, Objects.requireNonNull(decoder.adapter()), baseName, folder);
  }

  @Override
  public void close() throws IOException {
    try (leader) {
      if (follower != null) {
        follower.close();
      }
    }
  }
}
