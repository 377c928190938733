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
  private final ProgressBars bars;
  private final Consumer<String> notes;

  /**
   * @param settings how much is done
   * @param output where models and results are saved
   * @param bars progress
   * @param notes hears a line per finished piece of work
   */
  Quickstart(Settings settings, Path output, ProgressBars bars, Consumer<String> notes) {
    this.settings = settings;
    this.output = output;
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
    Contest contest = new Contest(start, output, settings, bars, notes);
    List<TrialResult> trials = new ArrayList<>();
    for (int seed = 1; seed <= settings.seeds(); seed++) {
      trials.add(contest.run(seed));
    }
    Results results =
        new Results(settings, meanScore(corpus), loss, pretraining, secondsSince(began), trials);
    save(results);
    return results;
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
