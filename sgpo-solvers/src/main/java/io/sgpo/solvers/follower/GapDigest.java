package io.sgpo.solvers.follower;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gaps of one or more partitions answer to a {@link GapQuery}. Gaps are added in chunks of
 * any size, digests merge in any order; both change the digest and return it, so that they serve as
 * the two functions of an {@code aggregate}.
 *
 * <p>Its size does not depend on the number of gaps: at most 0.7 MB. It is serialised in Java's
 * form, which is not kept across versions; where a cluster is set to another form, such as Kryo's,
 * register Java's for this class and {@link GapQuery}. Not thread-safe: one thread at a time.
 */
public final class GapDigest implements Serializable {
  private final GapQuery.Key key;
  private final @Nullable Extent extent;
  private final @Nullable Histogram histogram;
  private final @Nullable Tail tail;

  GapDigest(
      GapQuery.Key key,
      @Nullable Extent extent,
      @Nullable Histogram histogram,
      @Nullable Tail tail) {
    this.key = key;
    this.extent = extent;
    this.histogram = histogram;
    this.tail = tail;
  }

  /**
   * Adds a chunk of gaps, which is neither kept nor modified.
   *
   * @param gaps ξ, each finite and inside the support; may be empty
   * @return this digest
   * @throws IllegalArgumentException if a gap is not finite or not in the support, naming its index
   *     among the gaps added to this digest
   */
  public GapDigest add(double[] gaps) {
    return add(new DoubleGaps(gaps));
  }

  /**
   * Adds a chunk of gaps in single precision, which is neither kept nor modified.
   *
   * @param gaps as above
   * @return this digest
   * @throws IllegalArgumentException as above
   */
  public GapDigest add(float[] gaps) {
    return add(new FloatGaps(gaps));
  }

  private GapDigest add(Gaps gaps) {
    if (extent != null) {
      gaps.feed(0, gaps.size(), extent);
      extent.check();
    }
    if (histogram != null) {
      gaps.feed(0, gaps.size(), histogram);
    }
    if (tail != null) {
      gaps.feed(0, gaps.size(), tail);
    }
    return this;
  }

  /**
   * Takes up the answer of other partitions.
   *
   * @param other of the same query; used up
   * @return this digest
   * @throws IllegalArgumentException if the other digest answers another query, or is this one
   */
  public GapDigest merge(GapDigest other) {
    Objects.requireNonNull(other, "other");
    if (other == this) {
      throw new IllegalArgumentException("a digest must not be merged with itself");
    }
    key.requireEqual(other.key);
    if (extent != null && other.extent != null) {
      extent.merge(other.extent);
    }
    if (histogram != null && other.histogram != null) {
      histogram.merge(other.histogram);
    }
    if (tail != null && other.tail != null) {
      tail.merge(other.tail);
    }
    return this;
  }

  GapQuery.Key key() {
    return key;
  }

  Extent extent() {
    return Objects.requireNonNull(extent);
  }

  Histogram histogram() {
    return Objects.requireNonNull(histogram);
  }

  Tail tail() {
    return Objects.requireNonNull(tail);
  }

  @Override
  public String toString() {
    return "GapDigest[" + key + "]";
  }
}
