package io.sgpo.lm;

import io.sgpo.policy.Sampling;
import java.util.Arrays;

/**
 * Top-k, and top-p of what it left, of weights in [0, 1]. Tokens rank by falling weight, equal ones
 * by id; what is kept is what ranks no lower than one token, the cut. Linear in the vocabulary but
 * for the tokens about as probable as the cut, which are sorted. Reusable; not thread-safe.
 */
final class TokenFilter {

  // The bits of floats >= 0 order as the floats do. Their upper bits name the bucket: an eighth of
  // a factor of two.
  private static final int BUCKET_SHIFT = 20;
  private static final int BUCKETS = (Float.floatToIntBits(1f) >> BUCKET_SHIFT) + 1;

  private final Sampling sampling;
  private final double[] masses = new double[BUCKETS];
  private final int[] counts = new int[BUCKETS];
  private float[] weights = {};
  private int cutBits;
  private int cutToken;

  TokenFilter(Sampling sampling) {
    this.sampling = sampling;
  }

  /** Finds the cut of weights of which none is above 1, one per token of the vocabulary. */
  void cut(float[] values) {
    weights = values;
    cutBits = 0;
    cutToken = values.length;
    if (sampling.topK() > 0 && sampling.topK() < values.length) {
      cutAtRank(sampling.topK());
    }
    if (sampling.topP() < 1) {
      cutAtMass(sampling.topP());
    }
  }

  /** Whether a token is kept. */
  boolean keeps(int token) {
    int bits = bits(token);
    return bits > cutBits || (bits == cutBits && token <= cutToken);
  }

  private int bits(int token) {
    return Float.floatToRawIntBits(weights[token]);
  }

  private void cutAtRank(int rank) {
    fillBuckets();
    int bucket = BUCKETS - 1;
    int above = 0;
    while (above + counts[bucket] < rank) {
      above += counts[bucket--];
    }
    setCut(ranked(bucket)[rank - above - 1]);
  }

  /** Keeps the fewest tokens whose mass reaches the share of the mass kept so far. */
  private void cutAtMass(double share) {
    fillBuckets();
    double enough = share * Arrays.stream(masses).sum();
    int bucket = BUCKETS - 1;
    double above = 0;
    while (bucket > 0 && above + masses[bucket] < enough) {
      above += masses[bucket--];
    }
    long[] ranked = ranked(bucket);
    int place = 0;
    while (place < ranked.length) {
      above += weights[(int) ranked[place]];
      if (above >= enough) {
        break;
      }
      place++;
    }
    setCut(ranked[Math.min(place, ranked.length - 1)]);
  }

  private void fillBuckets() {
    Arrays.fill(masses, 0);
    Arrays.fill(counts, 0);
    for (int token = 0; token < weights.length; token++) {
      if (keeps(token)) {
        int bucket = bits(token) >> BUCKET_SHIFT;
        masses[bucket] += weights[token];
        counts[bucket]++;
      }
    }
  }

  /** The kept tokens of a bucket by rank: the flipped bits of the weight above the id. */
  private long[] ranked(int bucket) {
    long[] keys = new long[counts[bucket]];
    int n = 0;
    for (int token = 0; token < weights.length; token++) {
      if (bits(token) >> BUCKET_SHIFT == bucket && keeps(token)) {
        keys[n++] = ((long) ~bits(token) << Integer.SIZE) | token;
      }
    }
    Arrays.sort(keys);
    return keys;
  }

  private void setCut(long key) {
    cutToken = (int) key;
    cutBits = bits(cutToken);
  }
}
