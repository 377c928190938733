package io.sgpo.tabular;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A copy of a table's weights that never changes. */
final class FrozenTable implements FrozenPolicy {

  private final Table table;
  private final List<double[]> logits;
  private volatile boolean closed;

  /**
   * @param logits the leader's, and the follower's if it has some of its own
   */
  FrozenTable(Table table, List<double[]> logits) {
    this.table = table;
    this.logits = logits.stream().map(double[]::clone).toList();
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    requireOpen();
    return TableScores.sample(table, TableWeights.of(logits, sampling.role()), prompts, sampling);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    return logProbs(exchanges, temperature, PolicyRole.LEADER);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature, PolicyRole role) {
    requireOpen();
    return TableScores.logProbs(table, TableWeights.of(logits, role), exchanges, temperature);
  }

  /** SHA-256 of prompts, candidates and the logits' bits, as hexadecimal digits. */
  @Override
  public String digest() {
    requireOpen();
    MessageDigest digest = sha256();
    for (Table.Row row : table.rows()) {
      update(digest, TableJson.canonical(row.prompt()));
      for (int k = 0; k < row.size(); k++) {
        update(digest, row.candidates().get(k).text());
        for (double[] values : different()) {
          digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, values[row.offset() + k]));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Equal tables count once. */
  private List<double[]> different() {
    boolean equal = Arrays.equals(logits.get(0), logits.get(logits.size() - 1));
    return equal ? logits.subList(0, 1) : logits;
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The logits, in the order of a table of the same prompts and candidates.
   *
   * @throws IllegalArgumentException if it has others
   */
  double[] logitsLike(Table other, PolicyRole role) {
    requireOpen();
    if (!table.sameShape(other)) {
      throw new IllegalArgumentException(
          "the reference's prompts and candidates must be those of the policy, but are others");
    }
    return TableWeights.of(logits, role);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the policy is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
