package io.sgpo.examples.pages;

import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.train.ArrayAdamW;
import io.sgpo.train.Gradients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A policy that chooses the next word by the last one: a table of V × V logits over V words. */
// begin: policy
public final class BigramPolicy implements TrainablePolicy {

  private final BigramTable table;
  private final double[] logits; // θ, a row per word
  private ArrayAdamW optimizer;
  private volatile boolean closed;

  /** The uniform policy over these words. */
  public BigramPolicy(List<String> vocabulary) {
    table = new BigramTable(vocabulary);
    logits = new double[table.size() * table.size()];
    optimizer = new ArrayAdamW(logits.length, AdamW.DEFAULT);
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

  @Override
  public FrozenPolicy reference() {
    requireOpen();
    return new FrozenBigrams(table, logits); // copies the weights
  }

  // end

  // begin: mixture
  @Override
  public List<List<Sample>> sampleMixture(
      List<? extends Prompt> prompts, Sampling sampling, FrozenPolicy reference, double mixture) {
    requireOpen();
    if (!(mixture >= 0 && mixture <= 1)) {
      throw new IllegalArgumentException("mixture must be in [0, 1], but was " + mixture);
    }
    return table.sample(logits, bigrams(reference).mixedWith(logits, mixture), prompts, sampling);
  }

  @Override
  public List<LogProbs> mixtureLogProbs(
      List<Exchange> exchanges, FrozenPolicy reference, double mixture) {
    requireOpen();
    if (!Double.isFinite(mixture)) {
      throw new IllegalArgumentException("mixture must be finite, but was " + mixture);
    }
    return table.logProbs(bigrams(reference).mixedWith(logits, mixture), exchanges, 1);
  }

  // end

  private static FrozenBigrams bigrams(FrozenPolicy reference) {
    if (reference instanceof FrozenBigrams frozen) {
      return frozen;
    }
    throw new IllegalArgumentException(
        "reference must be that of a BigramPolicy, but was a " + reference.getClass().getName());
  }

  // begin: step
  @Override
  public StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions options) {
    requireOpen();
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("batch must not be empty");
    }
    BigramGradient sum = BigramGradient.of(table, logits, batch, objective, options);
    double[] gradient = sum.gradient();
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] /= options.normaliser();
      if (!Double.isFinite(gradient[j])) { // nothing has been changed yet
        throw new ArithmeticException(
            "the gradient must be finite, but was %s for \"%s\" after \"%s\""
                .formatted(
                    gradient[j],
                    table.words().get(j % table.size()),
                    table.words().get(j / table.size())));
      }
    }
    double norm = Gradients.clip(gradient, options.maxGradientNorm());
    optimizer.update(logits, gradient, options.learningRate());
    return new StepResult(sum.loss() / options.normaliser(), norm, sum.tokens());
  }

  @Override
  public void resetOptimizer(AdamW settings) {
    requireOpen();
    optimizer.reset(settings);
  }

  // end

  // begin: state
  @Override
  public void captureState(Path directory) throws IOException {
    requireOpen();
    AtomicDirectory.write( // complete or not there
        directory, staged -> BigramFiles.write(staged, table.words(), logits, optimizer.state()));
  }

  @Override
  public void restoreState(Path directory) throws IOException {
    requireOpen();
    BigramFiles.State state = BigramFiles.read(directory, table.words()); // all, or an exception
    System.arraycopy(state.logits(), 0, logits, 0, logits.length);
    optimizer = ArrayAdamW.of(state.optimizer());
  }

  @Override
  public void save(Path directory) throws IOException {
    requireOpen();
    AtomicDirectory.replace(
        directory,
        BigramFiles.NAME,
        staged -> BigramFiles.write(staged, table.words(), logits, optimizer.state()));
  }

  @Override
  public void close() {
    closed = true; // nothing native here; a model on native memory frees it, once
  }

  // end

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the policy is closed");
    }
  }
}
