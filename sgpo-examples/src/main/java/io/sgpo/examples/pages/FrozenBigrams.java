package io.sgpo.examples.pages;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Bigrams that never change: π_ref. */
// begin: frozen
final class FrozenBigrams implements FrozenPolicy {

  private final BigramTable table;
  private final double[] logits;
  private volatile boolean closed;

  FrozenBigrams(BigramTable table, double[] logits) {
    this.table = table;
    this.logits = logits.clone();
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    requireOpen();
    return table.sample(logits, logits, prompts, sampling);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    requireOpen();
    return table.logProbs(logits, exchanges, temperature);
  }

  /** Equal weights must have equal digests: a resumed run checks that its reference is the same. */
  @Override
  public String digest() {
    requireOpen();
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    sha256.update(String.join("\n", table.words()).getBytes(StandardCharsets.UTF_8));
    for (double logit : logits) {
      sha256.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, logit));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Override
  public void close() {
    closed = true;
  }

  // end

  /** (1 − m) θ + m θ_ref, whose softmax is the geometric mixture. */
  double[] mixedWith(double[] others, double mixture) {
    requireOpen();
    if (others.length != logits.length) {
      throw new IllegalArgumentException(
          "the reference must have %d logits, but has %d".formatted(others.length, logits.length));
    }
    double[] mixed = new double[others.length];
    for (int j = 0; j < mixed.length; j++) {
      mixed[j] = (1 - mixture) * others[j] + mixture * logits[j];
    }
    return mixed;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the policy is closed");
    }
  }
}
