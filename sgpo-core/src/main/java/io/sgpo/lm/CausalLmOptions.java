package io.sgpo.lm;

import ai.djl.Device;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a language model is run.
 *
 * @param device the CPU, or a GPU's index
 * @param threads threads of one operation, for the whole process; 0 leaves PyTorch's choice, the
 *     physical cores. On the CPU, groups of a training step and responses of a small model go side
 *     by side on a share of them each
 * @param batchTokens the most tokens that go through the model at once when scoring, sampling or
 *     training, {@code >= 1}; a prompt that several rows share counts once, padding (under 5 %)
 *     does not; a single longer row goes alone, and a training group is never split
 * @param maxBatch the most responses that are drawn at once, {@code >= 1}; fewer where {@code
 *     batchTokens} bounds the memory of their keys and values, which is 4 tokens for each of it
 * @param memoryLimit the native memory in bytes that the model may take on the CPU, {@code >= 0}; 0
 *     for what the machine, or the container, has; {@code Long.MAX_VALUE} for no limit
 * @param allowDownloads whether DJL may download a missing native library
 * @param precision the type of the weights that compute
 * @param lora the adapter that is trained over frozen weights, or null to train all weights
 * @param recompute whether a training step keeps only the inputs of its layers and computes each
 *     layer again in the backward pass: about a third more time, and the activations of one layer
 *     in memory instead of all
 * @param referenceCacheTokens response tokens whose log-probabilities a {@linkplain
 *     CausalLm#reference() reference} remembers, {@code >= 0}, 8 bytes each. Scores of another
 *     batch differ in the last bits, so with a cache they depend on what was scored before: leave
 *     it at 0 where a resumed run must equal an uninterrupted one bit for bit
 */
public record CausalLmOptions(
    DevicePlace device,
    int threads,
    int batchTokens,
    int maxBatch,
    long memoryLimit,
    boolean allowDownloads,
    Precision precision,
    @Nullable LoraOptions lora,
    boolean recompute,
    int referenceCacheTokens) {

  /**
   * The CPU, PyTorch's threads, 8192 tokens, 256 responses, the machine's memory, no downloads,
   * float32, no adapter, nothing recomputed.
   */
  public static final CausalLmOptions DEFAULT =
      new CausalLmOptions(
          DevicePlace.CPU, 0, 8192, 256, 0, false, Precision.FLOAT32, null, false, 0);

  /**
   * Where the model lives.
   *
   * @param gpu a GPU's index, or −1 for the CPU
   */
  public record DevicePlace(int gpu) {

    /** The CPU. */
    public static final DevicePlace CPU = new DevicePlace(-1);

    /**
     * @throws IllegalArgumentException if the index is below −1
     */
    public DevicePlace {
      if (gpu < -1) {
        throw new IllegalArgumentException("gpu must be >= -1, but was " + gpu);
      }
    }

    /** The GPU of that index. */
    public static DevicePlace gpu(int index) {
      return new DevicePlace(index);
    }

    /** Its name, {@code cpu} or such as {@code gpu(0)}. */
    public String name() {
      return isCpu() ? "cpu" : "gpu(" + gpu + ")";
    }

    boolean isCpu() {
      return gpu < 0;
    }

    Device toDjl() {
      return isCpu() ? Device.cpu() : Device.gpu(gpu);
    }
  }

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public CausalLmOptions {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(precision, "precision");
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be >= 0, but was " + threads);
    }
    if (batchTokens < 1) {
      throw new IllegalArgumentException("batchTokens must be >= 1, but was " + batchTokens);
    }
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch must be >= 1, but was " + maxBatch);
    }
    if (memoryLimit < 0) {
      throw new IllegalArgumentException("memoryLimit must be >= 0, but was " + memoryLimit);
    }
    if (referenceCacheTokens < 0) {
      throw new IllegalArgumentException(
          "referenceCacheTokens must be >= 0, but was " + referenceCacheTokens);
    }
  }

  public CausalLmOptions withDevice(DevicePlace value) {
    return new CausalLmOptions(
        value,
        threads,
        batchTokens,
        maxBatch,
        memoryLimit,
        allowDownloads,
        precision,
        lora,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withThreads(int value) {
    return new CausalLmOptions(
        device,
        value,
        batchTokens,
        maxBatch,
        memoryLimit,
        allowDownloads,
        precision,
        lora,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withBatchTokens(int value) {
    return new CausalLmOptions(
        device,
        threads,
        value,
        maxBatch,
        memoryLimit,
        allowDownloads,
        precision,
        lora,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withMaxBatch(int value) {
    return new CausalLmOptions(
        device,
        threads,
        batchTokens,
        value,
        memoryLimit,
        allowDownloads,
        precision,
        lora,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withMemoryLimit(long value) {
    return new CausalLmOptions(
        device,
        threads,
        batchTokens,
        maxBatch,
        value,
        allowDownloads,
        precision,
        lora,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withAllowDownloads(boolean value) {
    return new CausalLmOptions(
        device,
        threads,
        batchTokens,
        maxBatch,
        memoryLimit,
        value,
        precision,
        lora,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withPrecision(Precision value) {
    return new CausalLmOptions(
        device,
        threads,
        batchTokens,
        maxBatch,
        memoryLimit,
        allowDownloads,
        value,
        lora,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withLora(@Nullable LoraOptions value) {
    return new CausalLmOptions(
        device,
        threads,
        batchTokens,
        maxBatch,
        memoryLimit,
        allowDownloads,
        precision,
        value,
        recompute,
        referenceCacheTokens);
  }

  public CausalLmOptions withRecompute(boolean value) {
    return new CausalLmOptions(
        device,
        threads,
        batchTokens,
        maxBatch,
        memoryLimit,
        allowDownloads,
        precision,
        lora,
        value,
        referenceCacheTokens);
  }

  public CausalLmOptions withReferenceCacheTokens(int value) {
    return new CausalLmOptions(
        device,
        threads,
        batchTokens,
        maxBatch,
        memoryLimit,
        allowDownloads,
        precision,
        lora,
        recompute,
        value);
  }

  BatchLimits limits() {
    return new BatchLimits(batchTokens, maxBatch);
  }
}
