package io.sgpo.policy;

import java.util.SplittableRandom;

/**
 * Random streams by key. Every draw of a run comes from a stream named by (seed, purpose, indices),
 * so that neither batch size nor the order of work changes it. Pure functions; stable across JVMs
 * and releases.
 */
public final class Streams {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private Streams() {}

  /**
   * The key of a stream: a well-mixed function of its name.
   *
   * @param seed the run's seed
   * @param purpose what the stream is for, such as {@code annotate}
   * @param indices round, row, sample and the like
   */
  public static long key(long seed, String purpose, long... indices) {
    long key = mix(seed + GOLDEN_GAMMA);
    for (int i = 0; i < purpose.length(); i++) {
      key = mix(key ^ (purpose.charAt(i) + GOLDEN_GAMMA));
    }
    for (long index : indices) {
      key = mix((key ^ index) + GOLDEN_GAMMA);
    }
    return key;
  }

  /** The stream of a key. */
  public static SplittableRandom of(long seed, String purpose, long... indices) {
    return new SplittableRandom(key(seed, purpose, indices));
  }

  /** The finaliser of SplitMix64 (Stafford's variant 13): a bijection on 64-bit words. */
  private static long mix(long word) {
    long z = word;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
