package io.sgpo.examples.quickstart;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.sgpo.dialogue.Exchange;
import io.sgpo.examples.cli.ProgressBars;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The model that all methods start from: a small Llama, trained from random weights to predict the
 * corpus word by word through {@link TrainablePolicy#step}.
 */
final class StartingModel {

  static final long CORPUS_SEED = 0;

  /**
   * One thread, so that numbers do not depend on how many cores there are; more threads gain little
   * on a model this small.
   */
  private static final CausalLmOptions ONE_THREAD = CausalLmOptions.DEFAULT.withThreads(1);

  private static final long SEED = 0;
  private static final int CONTEXT = 128;
  private static final int EXPANSION = 3;
  private static final double WARM_UP = 0.05;
  private static final double REPORTED = 0.1;
  private static final double MAX_GRADIENT_NORM = 1;

  private StartingModel() {}

  /**
   * Trains a model and saves it.
   *
   * @param corpus what it learns
   * @param settings size and steps
   * @param folder where it is saved
   * @param bars progress
   * @return the mean loss per word over the last tenth of the steps, in nats
   */
  static double pretrain(
      List<Exchange> corpus, Settings.Pretraining settings, Path folder, ProgressBars bars)
      throws IOException {
    Path language = Files.createTempDirectory("sgpo-language");
    try {
      LanguageFolder.write(language);
      try (CausalLm model = CausalLm.create(shape(settings), language, SEED, ONE_THREAD)) {
        double loss = train(model, corpus, settings, bars);
        model.save(folder);
        return loss;
      }
    } finally {
      MoreFiles.deleteRecursively(language, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** Loads the starting model from where it was saved. */
  static CausalLm load(Path folder) throws IOException {
    return CausalLm.load(folder, ONE_THREAD);
  }

  private static ModelConfig shape(Settings.Pretraining settings) {
    return ModelConfig.llama(
            Vocabulary.tokens().size(),
            settings.hiddenSize(),
            EXPANSION * settings.hiddenSize(),
            settings.layers(),
            settings.heads(),
            settings.heads())
        .withMaxPositions(CONTEXT)
        .withEndOfSequence(Set.of(Vocabulary.endId()));
  }

  static double train(
      TrainablePolicy model,
      List<Exchange> corpus,
      Settings.Pretraining settings,
      ProgressBars bars) {
    model.resetOptimizer(AdamW.DEFAULT);
    SplittableRandom random = Streams.of(SEED, "pretraining");
    int reported = (int) Math.ceil(REPORTED * settings.steps());
    double loss = 0;
    for (int step = 0; step < settings.steps(); step++) {
      List<Exchange> batch = draw(corpus, settings.batchSize(), random);
      double rate = settings.learningRate() * schedule(step, settings.steps());
      StepOptions options =
          StepOptions.of(rate, words(batch)).withMaxGradientNorm(MAX_GRADIENT_NORM);
      double stepLoss = model.step(groups(batch), Objective.supervised(), options).loss();
      loss += step >= settings.steps() - reported ? stepLoss / reported : 0;
      bars.update("pretrain", step + 1L, settings.steps());
    }
    return loss;
  }

  private static List<Exchange> draw(List<Exchange> corpus, int size, SplittableRandom random) {
    List<Exchange> batch = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      batch.add(corpus.get(random.nextInt(corpus.size())));
    }
    return batch;
  }

  private static List<TrainingGroup> groups(List<Exchange> batch) {
    return batch.stream().map(e -> TrainingGroup.of(TrainingItem.of(e))).toList();
  }

  /** Response tokens of the batch: a token a word, and one that ends the turn. */
  private static int words(List<Exchange> batch) {
    return batch.stream()
        .mapToInt(exchange -> exchange.response().text().split(" ", -1).length + 1)
        .sum();
  }

  /** Linear warm-up, then a half cosine to 0; in (0, 1]. */
  static double schedule(int step, int steps) {
    double warmUp = Math.max(1, WARM_UP * steps);
    if (step < warmUp) {
      return Math.min(1, (step + 1) / warmUp);
    }
    return (1 + Math.cos(Math.PI * (step - warmUp) / (steps - warmUp))) / 2;
  }
}
