package io.sgpo.judge.http;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.preference.Comparison;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells an endpoint that refuses a question from one that refuses all: the former answers something
 * that it is asked after the refusal, if nothing else then the plainest of questions. Thread-safe.
 */
final class PlainQuestion {

  /** What no endpoint that judges at all refuses. */
  static final Comparison COMPARISON =
      new Comparison(Conversation.user("1 + 1 = ?"), Response.of("2"), Response.of("3"));

  /** Asks the endpoint; an answer is {@linkplain #onAnswer told}, like any other. */
  interface Asking {
    void ask() throws InterruptedException;
  }

  private final Asking asking;
  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong lastAnswered = new AtomicLong();

  /** Held while it is asked, so that refusals that come meanwhile wait for the same answer. */
  private final ReentrantLock turn = new ReentrantLock();

  private long lastUnanswered; // under the lock

  PlainQuestion(Asking asking) {
    this.asking = asking;
  }

  /** The present moment; each is later than the one before. */
  long now() {
    return clock.incrementAndGet();
  }

  /**
   * Says that the endpoint has answered a question.
   *
   * @param asked the moment at which the question was asked
   */
  void onAnswer(long asked) {
    lastAnswered.accumulateAndGet(asked, Math::max);
  }

  /**
   * Whether the endpoint, which has just refused a question, answers others. It is asked plainly
   * unless it has answered something since; once that failed, not again within a call until it
   * answers something.
   *
   * @param call the moment at which the call began that the question belongs to
   */
  boolean isAnswered(long call) throws InterruptedException {
    long refused = now();
    turn.lockInterruptibly();
    try {
      if (lastAnswered.get() > refused) {
        return true;
      }
      return lastUnanswered <= Math.max(call, lastAnswered.get()) && ask();
    } finally {
      turn.unlock();
    }
  }

  private boolean ask() throws InterruptedException {
    long asked = now();
    try {
      asking.ask();
      return true;
    } catch (EndpointException e) {
      lastUnanswered = asked;
      return false;
    }
  }
}
