package io.sgpo.examples.faults;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.eval.HeldOutMeasures;
import io.sgpo.examples.quickstart.LanguageFolder;
import io.sgpo.examples.quickstart.Vocabulary;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.CheckpointReport;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A short run of SSAPO (all weights) or SLHF (an adapter) on a tiny random model, which goes on
 * where it was killed. It prints what it is doing, a word a line.
 */
public final class Victim {

  /** Printed once the run is over and the model is saved. */
  static final String DONE = "done";

  private static final int PROMPTS = 150;
  private static final int PAIRS = 40;
  private static final int HELD_OUT = 10;
  private static final int TOKENS = 8;

  private Victim() {}

  /**
   * @param args engine ({@code ssapo} or {@code slhf}), model folder, run directory
   */
  public static void main(String[] args) throws IOException {
    String engine = args[0];
    Path directory = Path.of(args[2]);
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(1);
    boolean adapter = engine.equals("slhf");
    if (adapter) {
      options = options.withLora(LoraOptions.rank(2));
    }
    try (CausalLm policy = CausalLm.load(Path.of(args[1]), options)) {
      say("loaded");
      Alignment result = aligner(engine, policy, directory).align();
      say("save");
      policy.save(directory.resolve(adapter ? "adapter" : "model"));
      if (!result.finished()) {
        throw new IllegalStateException("the run must finish, but ended by " + result.ending());
      }
    }
    say(DONE);
  }

  private static Aligner aligner(String engine, CausalLm policy, Path directory) {
    Aligner.Builder builder =
        Aligner.builder()
            .engine(engine)
            .policy(policy)
            .prompts(prompts(PROMPTS))
            .maxNewTokens(TOKENS)
            .batchSize(4)
            .learningRate(0.003)
            .seed(11)
            .runDirectory(directory)
            .resume(true)
            .checkpointEvery(3)
            .heldOut(
                HeldOut.of(HeldOutMeasures.loss(pairs(PAIRS, HELD_OUT), 0.5)).withEverySteps(7))
            .listener(new Talker());
    if (engine.equals("slhf")) {
      return builder
          .steps(60)
          .preferenceModel(
              PreferenceModel.of(
                  c -> 1 / (1.0 + Math.exp(length(c.first().text()) - length(c.second().text())))))
          .build();
    }
    return builder.seedPreferences(pairs(0, PAIRS)).rounds(2).warmStartEpochs(1).build();
  }

  private static double length(String text) {
    return text.length() / 10.0;
  }

  private static List<Prompt> prompts(int count) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Conversation.user(word(i) + " " + word(3 * i + 1)));
    }
    return prompts;
  }

  private static List<PreferencePair> pairs(int first, int count) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      Prompt prompt = Conversation.user(word(5 * i + 2));
      pairs.add(PreferencePair.of(prompt, word(i), word(i + 1) + " " + word(i + 2)));
    }
    return pairs;
  }

  private static String word(int index) {
    List<String> words = Vocabulary.tokens();
    int special = Vocabulary.endId() + 1;
    return words.get(special + index % (words.size() - special));
  }

  /** Saves the model that all runs start from. */
  static void writeModel(Path folder) throws IOException {
    Path language = Files.createDirectories(folder.resolveSibling("language"));
    LanguageFolder.write(language);
    ModelConfig config =
        ModelConfig.llama(Vocabulary.tokens().size(), 16, 32, 2, 2, 1)
            .withMaxPositions(128)
            .withEndOfSequence(Set.of(Vocabulary.endId()));
    try (CausalLm model = CausalLm.create(config, language, 7)) {
      model.save(folder);
    }
  }

  private static void say(String what) {
    System.out.println(what);
    System.out.flush();
  }

  /** Says what the run is doing. */
  private static final class Talker implements AlignmentListener {

    @Override
    public void onProgress(Progress progress) {
      say(progress.phase());
    }

    @Override
    public void onCheckpoint(CheckpointReport checkpoint) {
      say("checkpoint");
    }
  }
}
