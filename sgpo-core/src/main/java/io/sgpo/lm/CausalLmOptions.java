package io.sgpo.lm;

import ai.djl.Device;

/**
 * How a language model is run.
 *
 * @param device the CPU, or a GPU's index
 * @param threads threads of one operation, for the whole process; 0 leaves PyTorch's choice, the
 *     physical cores
 * @param batchTokens the most tokens, padding included, that go through the model at once when
 *     scoring, sampling or training, {@code >= 1}; a single longer row goes alone, and a training
 *     group is never split
 * @param maxBatch the most responses that are drawn at once, {@code >= 1}; fewer where {@code
 *     batchTokens} bounds the memory of their keys and values, which is 4 tokens for each of it
 * @param allowDownloads whether DJL may download a missing native library
 */
public record CausalLmOptions(
    DevicePlace device, int threads, int batchTokens, int maxBatch, boolean allowDownloads) {

  /** The CPU, PyTorch's threads, 8192 tokens, 256 responses, no downloads. */
  public static final CausalLmOptions DEFAULT =
      new CausalLmOptions(DevicePlace.CPU, 0, 8192, 256, false);

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

    Device toDjl() {
      return gpu < 0 ? Device.cpu() : Device.gpu(gpu);
    }
  }

  /**
   * @throws IllegalArgumentException if a value is outside its domain
   */
  public CausalLmOptions {
    if (threads < 0) {
      throw new IllegalArgumentException("threads must be >= 0, but was " + threads);
    }
    if (batchTokens < 1) {
      throw new IllegalArgumentException("batchTokens must be >= 1, but was " + batchTokens);
    }
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch must be >= 1, but was " + maxBatch);
    }
  }

  public CausalLmOptions withDevice(DevicePlace value) {
    return new CausalLmOptions(value, threads, batchTokens, maxBatch, allowDownloads);
  }

  public CausalLmOptions withThreads(int value) {
    return new CausalLmOptions(device, value, batchTokens, maxBatch, allowDownloads);
  }

  public CausalLmOptions withBatchTokens(int value) {
    return new CausalLmOptions(device, threads, value, maxBatch, allowDownloads);
  }

  public CausalLmOptions withMaxBatch(int value) {
    return new CausalLmOptions(device, threads, batchTokens, value, allowDownloads);
  }

  public CausalLmOptions withAllowDownloads(boolean value) {
    return new CausalLmOptions(device, threads, batchTokens, maxBatch, value);
  }

  BatchLimits limits() {
    return new BatchLimits(batchTokens, maxBatch);
  }
}
