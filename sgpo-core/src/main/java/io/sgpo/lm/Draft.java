package io.sgpo.lm;

import io.sgpo.dialogue.Response.Finish;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A response being drawn. */
final class Draft {

  /** A finished draft of nothing. */
  static final Draft NONE = new Draft(new int[0], 0, new SplittableRandom(0));

  private static final String PURPOSE = "sample";

  private final int[] prompt;
  private final int limit;
  private final SplittableRandom random;
  private int[] tokens = new int[16];
  private double[] logProbs = new double[16];
  private int size;
  private double samplingLogProb;
  private boolean stopped;

  private Draft(int[] prompt, int limit, SplittableRandom random) {
    this.prompt = prompt;
    this.limit = limit;
    this.random = random;
  }

  /** Empty drafts of a prompt's samples, each with the stream of its (seed, row, sample). */
  static List<Draft> list(int row, int[] prompt, Sampling sampling, int maxPositions) {
    int limit = Math.min(sampling.maxNewTokens(), maxPositions - prompt.length);
    List<Draft> drafts = new ArrayList<>();
    for (int s = 0; s < sampling.samplesPerPrompt(); s++) {
      drafts.add(new Draft(prompt, limit, Streams.of(sampling.seed(), PURPOSE, row, s)));
    }
    return drafts;
  }

  int[] prompt() {
    return prompt;
  }

  SplittableRandom random() {
    return random;
  }

  void append(TokenDraw.Drawn drawn, boolean end) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
      logProbs = Arrays.copyOf(logProbs, 2 * size);
    }
    tokens[size] = drawn.token();
    logProbs[size] = drawn.logProb();
    size++;
    samplingLogProb += drawn.samplingLogProb();
    stopped = end;
  }

  /** Whether it has ended, by an end-of-sequence token or by the limit. */
  boolean isFinished() {
    return stopped || size >= limit;
  }

  /** Tokens of the response so far. */
  int size() {
    return size;
  }

  int lastToken() {
    return tokens[size - 1];
  }

  /** Tokens of prompt and response so far. */
  int length() {
    return prompt.length + size;
  }

  /** The tokens that the model has read: all but the last one drawn. */
  int[] read() {
    int[] read = Arrays.copyOf(prompt, length() - 1);
    System.arraycopy(tokens, 0, read, prompt.length, size - 1);
    return read;
  }

  /** The length that it cannot exceed. */
  int longest() {
    return prompt.length + limit;
  }

  Tokens tokens() {
    return Tokens.of(Arrays.copyOf(tokens, size));
  }

  LogProbs logProbs() {
    return LogProbs.of(Arrays.copyOf(logProbs, size));
  }

  double samplingLogProb() {
    return samplingLogProb;
  }

  Finish finish() {
    return stopped ? Finish.STOP : Finish.LENGTH;
  }
}
