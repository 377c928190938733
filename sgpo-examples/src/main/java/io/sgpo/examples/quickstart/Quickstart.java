package io.sgpo.examples.quickstart;

import io.sgpo.dialogue.Exchange;
import io.sgpo.examples.cli.JsonOutput;
import io.sgpo.examples.cli.ProgressBars;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * The project's main job on a task of its own: pretrains a tiny model, aligns it by every method
 * under several seeds, measures, and saves the models.
 *
 * <p>The starting model is pretrained once, and all trials start from it; labels, prompts, answers
 * and training differ from seed to seed.
 */
final class Quickstart {

  private static final double NANOS = 1e9;

  private final Settings settings;
  private final Path output;
  private final int workers;
  private final ProgressBars bars;
  private final Consumer<String> notes;

  /**
   * @param settings how much is done
   * @param output where models and results are saved
   * @param workers how many trials run side by side, {@code >= 1}; the numbers do not depend on it
   * @param bars progress
   * @param notes hears a line per finished piece of work, from several threads
   */
  Quickstart(
      Settings settings, Path output, int workers, ProgressBars bars, Consumer<String> notes) {
    this.settings = settings;
    this.output = output;
    this.workers = workers;
    this.bars = bars;
    this.notes = notes;
  }

  /**
   * Runs everything.
   *
   * @throws io.sgpo.examples.cli.UsageException if the output folder holds something else
   */
  Results run() throws IOException {
    long began = System.nanoTime();
    OutputFolder.prepare(output);
    Path start = output.resolve(OutputFolder.START);
    List<Exchange> corpus =
        Corpus.write(
            Split.trainingRequests(),
            settings.pretraining().conversations(),
            StartingModel.CORPUS_SEED);
    double loss = StartingModel.pretrain(corpus, settings.pretraining(), start, bars);
    double pretraining = secondsSince(began);
    notes.accept("pretraining took %.1f s".formatted(pretraining));
    List<TrialResult> trials = trials(start);
    Results results =
        new Results(settings, meanScore(corpus), loss, pretraining, secondsSince(began), trials);
    save(results);
    return results;
  }

  private List<TrialResult> trials(Path start) throws IOException {
    StepCounter counter = new StepCounter(bars, (long) settings.seeds() * Contest.steps(settings));
    Contest contest = new Contest(start, output, settings, counter, notes);
    List<Callable<TrialResult>> trials = new ArrayList<>();
    for (int seed = 1; seed <= settings.seeds(); seed++) {
      long key = seed;
      trials.add(() -> contest.run(key));
    }
    return SideBySide.run(trials, workers);
  }

  private static double meanScore(List<Exchange> corpus) {
    return Estimate.of(
            corpus.stream()
                .mapToDouble(e -> TruePreference.score(e.prompt(), e.response()))
                .toArray())
        .mean();
  }

  private void save(Results results) throws IOException {
    try (Writer file = Files.newBufferedWriter(output.resolve(OutputFolder.RESULTS))) {
      new JsonOutput(file).object(json -> JsonReport.write(results, json));
    }
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / NANOS;
  }
}
