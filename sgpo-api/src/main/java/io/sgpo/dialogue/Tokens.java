package io.sgpo.dialogue;

import java.util.Arrays;
import java.util.stream.IntStream;

/** An immutable sequence of token ids, each {@code >= 0}. */
public final class Tokens {

  /** No tokens. */
  public static final Tokens EMPTY = new Tokens(new int[0]);

  private final int[] ids;

  private Tokens(int[] ids) {
    this.ids = ids;
  }

  /**
   * The given ids, copied.
   *
   * @throws IllegalArgumentException if an id is negative, naming its position
   */
  public static Tokens of(int... ids) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        throw new IllegalArgumentException(
            "token ids must be >= 0, but id " + i + " was " + ids[i]);
      }
    }
    return ids.length == 0 ? EMPTY : new Tokens(ids.clone());
  }

  public int size() {
    return ids.length;
  }

  public boolean isEmpty() {
    return ids.length == 0;
  }

  /** The id at a position, {@code 0 <= position < size()}. */
  public int get(int position) {
    return ids[position];
  }

  /** A copy of the ids. */
  public int[] toArray() {
    return ids.clone();
  }

  public IntStream stream() {
    return Arrays.stream(ids);
  }

  /** These ids followed by the others. */
  public Tokens concat(Tokens others) {
    int[] joined = Arrays.copyOf(ids, ids.length + others.ids.length);
    System.arraycopy(others.ids, 0, joined, ids.length, others.ids.length);
    return new Tokens(joined);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokens that && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
