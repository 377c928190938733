package io.sgpo.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class StreamsProperties {

  @Property(tries = 200)
  void aKeyIsAFunctionOfItsName(@ForAll long seed, @ForAll long index) {
    assertEquals(Streams.key(seed, "sample", index), Streams.key(seed, "sample", index));
    assertNotEquals(Streams.key(seed, "sample", index), Streams.key(seed, "shuffle", index));
    assertNotEquals(Streams.key(seed, "sample", index), Streams.key(seed, "sample", index + 1));
    assertNotEquals(Streams.key(seed, "sample", index), Streams.key(seed + 1, "sample", index));
  }

  @Example
  void neighbouringIndicesGiveDistinctAndBalancedStreams() {
    Set<Long> keys = new HashSet<>();
    double mean = 0;
    int rows = 200;
    int samples = 50;
    for (int row = 0; row < rows; row++) {
      for (int sample = 0; sample < samples; sample++) {
        keys.add(Streams.key(7, "sample", row, sample));
        mean += Streams.of(7, "sample", row, sample).nextDouble();
      }
    }
    assertEquals(rows * samples, keys.size());
    // ten thousand uniforms: standard error 0.0029, so five of them
    assertEquals(0.5, mean / (rows * samples), 0.0145);
  }

  @Example
  void keysAreStableAcrossReleases() {
    assertEquals(KEY_OF_1_ANNOTATE_2_3, Streams.key(1, "annotate", 2, 3));
  }

  /**
   * From an independent computation with big integers; a change would break the resuming of runs.
   */
  private static final long KEY_OF_1_ANNOTATE_2_3 = -584_471_965_808_193_018L;
}
