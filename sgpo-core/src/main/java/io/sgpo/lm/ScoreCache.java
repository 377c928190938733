package io.sgpo.lm;

import io.sgpo.policy.LogProbs;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities under weights that never change, by a hash of prompt, response and temperature.
 * Holds a bounded number of response tokens; what was not asked for longest goes first. Safe for
 * several threads.
 */
final class ScoreCache {

  private final long maxTokens;
  private final Map<ByteBuffer, LogProbs> scores = new LinkedHashMap<>(16, 0.75f, true);
  private long tokens;

  /**
   * @param maxTokens response tokens held at most, {@code >= 0}
   */
  ScoreCache(long maxTokens) {
    this.maxTokens = maxTokens;
  }

  /**
   * The scores of rows: those that are held, and those of the others, each different row scored
   * once and in the order in which they come.
   *
   * @param scorer scores rows
   */
  List<LogProbs> scores(
      List<Row> rows, double temperature, Function<List<Row>, List<LogProbs>> scorer) {
    List<ByteBuffer> keys = new ArrayList<>(rows.size());
    Map<ByteBuffer, LogProbs> known = new LinkedHashMap<>();
    Map<ByteBuffer, Row> missing = new LinkedHashMap<>();
    for (Row row : rows) {
      ByteBuffer key = key(row, temperature);
      keys.add(key);
      LogProbs held = get(key);
      if (held == null) {
        missing.put(key, row);
      } else {
        known.put(key, held);
      }
    }
    Iterator<LogProbs> fresh = scorer.apply(List.copyOf(missing.values())).iterator();
    for (ByteBuffer key : missing.keySet()) {
      LogProbs value = fresh.next();
      known.put(key, value);
      put(key, value);
    }
    return keys.stream().map(known::get).toList();
  }

  private synchronized @Nullable LogProbs get(ByteBuffer key) {
    return scores.get(key);
  }

  private synchronized void put(ByteBuffer key, LogProbs value) {
    if (scores.putIfAbsent(key, value) != null) {
      return;
    }
    tokens += value.size();
    Iterator<LogProbs> eldest = scores.values().iterator();
    while (tokens > maxTokens) {
      tokens -= eldest.next().size();
      eldest.remove();
    }
  }

  /** SHA-256 of the temperature, the prompt's length and all ids. */
  private static ByteBuffer key(Row row, double temperature) {
    ByteBuffer content =
        ByteBuffer.allocate(Double.BYTES + Integer.BYTES * (1 + row.ids().length))
            .putDouble(temperature)
            .putInt(row.promptLength());
    for (int id : row.ids()) {
      content.putInt(id);
    }
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
