package io.sgpo.lm;

import io.sgpo.policy.Streams;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which elements are dropped in one step. A token's key is a function of the seed, the step, the
 * prompt or, for a token of the response, the whole row, and the position: so neither the batch nor
 * its order nor micro-batches change what is dropped, and the tokens of a prompt that several rows
 * share are the same in all of them.
 */
final class Dropout {

  private static final String PURPOSE = "dropout";

  private final long seed;
  private final long step;

  private Dropout(long seed, long step) {
    this.seed = seed;
    this.step = step;
  }

  /** That of a step of the decoder's adapter; null if nothing is ever dropped. */
  static @Nullable Dropout of(Decoder decoder, long step) {
    Adapter adapter = decoder.adapter();
    if (adapter == null || adapter.layout().options().dropout() == 0) {
      return null;
    }
    return new Dropout(adapter.layout().options().seed(), step);
  }

  /** Keys of a row's input positions. */
  long[] keys(Row row) {
    long prompt = key(row.ids(), row.promptLength());
    long all = key(row.ids(), row.ids().length);
    long[] keys = new long[row.inputLength()];
    for (int t = 0; t < keys.length; t++) {
      keys[t] = Streams.key(t < row.promptLength() ? prompt : all, PURPOSE, t);
    }
    return keys;
  }

  private long key(int[] ids, int count) {
    long[] indices = new long[count + 1];
    Arrays.setAll(indices, i -> i == 0 ? step : ids[i - 1]);
    return Streams.key(seed, PURPOSE, indices);
  }
}
