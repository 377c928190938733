package io.sgpo.examples.pages;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.Ending;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Answers on any number of threads while one thread trains. */
// begin: service
public final class AnswerService implements AutoCloseable {

  private static final int MAX_NEW_TOKENS = 64;

  private final TrainablePolicy policy; // touched by the training thread only
  private final ExecutorService trainer = Executors.newSingleThreadExecutor();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private FrozenPolicy serving; // guarded by lock
  private volatile boolean stopping;

  /** Takes the policy over and closes it in the end. */
  public AnswerService(TrainablePolicy policy) {
    this.policy = policy;
    this.serving = policy.reference();
  }

  /** Answers with the weights of the last training that was finished. */
  public Response answer(Prompt prompt, long seed) {
    lock.readLock().lock(); // answers run side by side
    try {
      Sampling sampling = Sampling.of(MAX_NEW_TOKENS, seed);
      return serving.sample(List.of(prompt), sampling).get(0).get(0).exchange().response();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Trains in the background; one training waits for the other. */
  public CompletableFuture<Alignment> learn(List<PreferencePair> pairs, int steps) {
    return CompletableFuture.supplyAsync(() -> train(pairs, steps), trainer);
  }

  private Alignment train(List<PreferencePair> pairs, int steps) {
    Alignment result =
        Aligner.builder()
            .engine("dpo")
            .policy(policy)
            .seedPreferences(pairs)
            .learningRate(0.01)
            .steps(steps)
            .cancelWhen(() -> stopping) // asked between two steps
            .build()
            .align();
    if (result.ending() == Ending.FINISHED) {
      serve(policy.reference());
    }
    return result;
  }

  private void serve(FrozenPolicy next) {
    lock.writeLock().lock(); // waits for the answers that are being drawn
    try {
      serving.close();
      serving = next;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Stops training cleanly, waits for it, and frees everything. Answer nothing afterwards. */
  @Override
  public void close() {
    stopping = true;
    trainer.shutdown();
    boolean interrupted = false;
    while (!trainer.isTerminated()) {
      try {
        trainer.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    lock.writeLock().lock();
    try {
      serving.close();
      policy.close();
    } finally {
      lock.writeLock().unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
// end
