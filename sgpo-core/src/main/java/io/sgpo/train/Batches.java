package io.sgpo.train;

import io.sgpo.policy.Streams;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The order in which items are trained on: epoch after epoch without end, each a fresh shuffle, the
 * last and possibly smaller batch of an epoch kept. The shuffle of epoch e comes from the stream
 * (seed, purpose, round, e). Not thread-safe.
 */
public final class Batches {

  private final int batchSize;
  private final long seed;
  private final String purpose;
  private final long round;
  private final int[] order;
  private long epoch;
  private int position;

  /**
   * @param items how many items, {@code >= 1}
   * @param batchSize items per batch, {@code >= 1}
   * @param seed the run's seed
   * @param purpose what the batches are for
   * @param round the round they are for
   */
  public Batches(int items, int batchSize, long seed, String purpose, long round) {
    if (items < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "items and batchSize must be >= 1, but were " + items + " and " + batchSize);
    }
    this.batchSize = batchSize;
    this.seed = seed;
    this.purpose = purpose;
    this.round = round;
    this.order = new int[items];
    this.position = items;
  }

  /** The next batch's items, by index. */
  public int[] next() {
    int[] batch = peek();
    position += batch.length;
    return batch;
  }

  /** What {@link #next} will give. */
  public int[] peek() {
    if (position == order.length) {
      shuffle();
    }
    return Arrays.copyOfRange(order, position, Math.min(order.length, position + batchSize));
  }

  /** As many calls of {@link #next} as that, for a run that goes on. */
  public void skip(long batches) {
    for (long i = 0; i < batches; i++) {
      next();
    }
  }

  /** Fisher and Yates, from the identity, so that an epoch depends on its own stream alone. */
  private void shuffle() {
    SplittableRandom random = Streams.of(seed, purpose, round, epoch);
    Arrays.setAll(order, i -> i);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    epoch++;
    position = 0;
  }
}
