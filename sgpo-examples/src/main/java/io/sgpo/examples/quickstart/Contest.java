package io.sgpo.examples.quickstart;

import io.sgpo.Aligner;
import io.sgpo.Refinement;
import io.sgpo.Refiner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.lm.CausalLm;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.run.AlignmentListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs all methods of a trial, each from the saved starting model, measures them and saves what
 * they made. Trials may run side by side.
 */
final class Contest {

  static final String GAME = "slhf";

  private static final int CHAIN = 4;
  private static final double NANOS = 1e9;

  private final Path startFolder;
  private final Path output;
  private final Settings settings;
  private final AlignmentListener listener;
  private final Consumer<String> notes;

  /**
   * @param startFolder the saved starting model
   * @param output where models are saved, a folder per trial
   * @param settings how much is done
   * @param listener hears of the runs, from several threads
   * @param notes hears a line per finished method, from several threads
   */
  Contest(
      Path startFolder,
      Path output,
      Settings settings,
      AlignmentListener listener,
      Consumer<String> notes) {
    this.startFolder = startFolder;
    this.output = output;
    this.settings = settings;
    this.listener = listener;
    this.notes = notes;
  }

  /** Training steps of one trial. */
  static int steps(Settings settings) {
    Settings.Training training = settings.training();
    int ofContenders =
        Contender.all().stream()
            .mapToInt(
                contender ->
                    contender.name().equals(Contender.DPO_SHORT)
                        ? training.warmStartSteps()
                        : training.allSteps())
            .sum();
    return ofContenders + settings.game().steps();
  }

  /** Runs one trial. */
  TrialResult run(long seed) throws IOException {
    try (CausalLm model = StartingModel.load(startFolder);
        FrozenPolicy start = model.reference()) {
      Trial trial = Trial.draw(seed, start, settings);
      Map<String, Double> seconds = new LinkedHashMap<>();
      Map<String, Marks> marks = new LinkedHashMap<>();
      for (Contender contender : Contender.all()) {
        long began = System.nanoTime();
        marks.put(contender.name(), align(contender, start, trial));
        finished(contender.name(), trial, began, seconds);
      }
      long began = System.nanoTime();
      Game game = play(start, trial);
      finished(GAME, trial, began, seconds);
      return new TrialResult(
          seed,
          trial.labels().pairs().size(),
          trial.labels().flips(),
          Marks.of(start, start, trial),
          marks,
          GameMarks.of(start, start, trial),
          game.marks(),
          game.chain(),
          seconds);
    }
  }

  private Marks align(Contender contender, FrozenPolicy start, Trial trial) throws IOException {
    try (CausalLm policy = StartingModel.load(startFolder)) {
      contender.recipe().apply(aligner(policy, trial), trial).build().align();
      policy.save(folder(trial, contender.name()));
      return Marks.of(policy, start, trial);
    }
  }

  private record Game(GameMarks marks, Refinement chain) {}

  private Game play(FrozenPolicy start, Trial trial) throws IOException {
    Settings.Game game = settings.game();
    try (CausalLm policy = StartingModel.load(startFolder)) {
      aligner(policy, trial)
          .engine(GAME)
          .prompts(trial.split().rounds())
          .preferenceModel(new CyclicPreference())
          .leaderKl(game.leaderKl())
          .followerKl(game.followerKl())
          .timescaleRatio(game.timescaleRatio())
          .learningRate(game.learningRate())
          .batchSize(game.batchSize())
          .microBatchSize(game.batchSize())
          .steps(game.steps())
          .temperature(1)
          .maxNewTokens(settings.maxNewTokens())
          .build()
          .align();
      policy.save(folder(trial, GAME));
      return new Game(GameMarks.of(policy, start, trial), chain(policy, trial));
    }
  }

  private Refinement chain(CausalLm policy, Trial trial) {
    Conversation prompt = trial.split().test().get(0);
    String answer = trial.startAnswers().get(0).get(0).exchange().response().text();
    long key = Streams.key(trial.seed(), "chain");
    return Refiner.of(policy)
        .sampling(Sampling.of(settings.maxNewTokens(), key))
        .refine(prompt, answer, CHAIN);
  }

  private Aligner.Builder aligner(CausalLm policy, Trial trial) {
    return Aligner.builder().policy(policy).seed(trial.seed()).listener(listener);
  }

  private Path folder(Trial trial, String name) {
    return OutputFolder.model(output, trial.seed(), name);
  }

  private void finished(String name, Trial trial, long began, Map<String, Double> seconds) {
    double took = (System.nanoTime() - began) / NANOS;
    seconds.put(name, took);
    notes.accept("seed %d: %s took %.1f s".formatted(trial.seed(), name, took));
  }
}
