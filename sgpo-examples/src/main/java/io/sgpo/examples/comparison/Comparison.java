package io.sgpo.examples.comparison;

import com.google.common.base.Splitter;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.sgpo.Aligner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.judge.RewardEpoch;
import io.sgpo.judge.RewardJudge;
import io.sgpo.judge.RewardTraining;
import io.sgpo.judge.RewardTrainingOptions;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.RewardModel;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Schedule;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Every method of the library from one start, with real preferences, at equal numbers of training
 * steps: a small model learns the chosen answers of a corpus of human preferences; a reward model
 * of the same size learns the preferences and is the judge from then on; the methods that learn
 * from labels get some of the pairs, those that learn from a judge ask it. What is measured is the
 * judge's preference over the start's answers to held-out prompts, as it comes out and with the
 * policies mixed back to the same KL. Seed 0 is for trying settings out; the table's seeds begin at
 * 1. One line per seed and method, then the table.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.comparison.Comparison MODEL DATA [seeds = 1-3] [quick]
 * </pre>
 *
 * <p>MODEL is a model folder; DATA holds {@code train.jsonl} and {@code valid.jsonl}, pairs of
 * conversations.
 */
public final class Comparison {

  private static final double TARGET_KL = 5;
  private static final double DEMONSTRATION_RATE = 5e-4;
  private static final double REWARD_RATE = 1e-3;

  /** One thread, so that the figures do not depend on how many cores there are. */
  private static final CausalLmOptions OPTIONS = CausalLmOptions.DEFAULT.withThreads(1);

  private final Path start;
  private final Corpus corpus;
  private final PreferenceModel judge;
  private final Budget budget;
  private final Map<String, List<Marks>> table = new LinkedHashMap<>();

  private Comparison(Path start, Corpus corpus, PreferenceModel judge, Budget budget) {
    this.start = start;
    this.corpus = corpus;
    this.judge = judge;
    this.budget = budget;
  }

  public static void main(String[] arguments) throws IOException {
    Path model = Path.of(arguments[0]);
    Corpus corpus = Corpus.read(Path.of(arguments[1]));
    long[] seeds = seeds(arguments.length > 2 ? arguments[2] : "1-3");
    Budget budget = arguments.length > 3 ? Budget.QUICK : Budget.FULL;
    Path work = Files.createTempDirectory("comparison");
    try {
      print("%d pairs to learn from, %d to test", corpus.train().size(), corpus.test().size());
      print("the shorter answer is the chosen one in %.0f %% of these", 100 * corpus.shorter());
      Path start = work.resolve("start");
      demonstrate(model, corpus, start, budget);
      Path reward = work.resolve("reward");
      train(model, corpus, reward, budget);
      try (RewardModel judge = RewardModel.load(reward, OPTIONS)) {
        Comparison comparison =
            new Comparison(start, corpus, RewardJudge.of(judge::scores), budget);
        for (long seed = seeds[0]; seed <= seeds[1]; seed++) {
          comparison.run(seed);
        }
        new Table(comparison.table).print();
      }
    } finally {
      MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** The first and the last of a range. */
  private static long[] seeds(String range) {
    List<String> ends = Splitter.on('-').splitToList(range);
    return new long[] {Long.parseLong(ends.get(0)), Long.parseLong(ends.get(ends.size() - 1))};
  }

  /** Teaches the model what an answer looks like. */
  private static void demonstrate(Path model, Corpus corpus, Path output, Budget budget)
      throws IOException {
    int steps = budget.demonstrationSteps();
    List<Exchange> demonstrations = corpus.demonstrations();
    SplittableRandom random = Streams.of(0, "demonstrations");
    try (CausalLm policy = CausalLm.load(model, OPTIONS)) {
      policy.resetOptimizer(AdamW.DEFAULT);
      double loss = 0;
      for (int step = 0; step < steps; step++) {
        List<TrainingGroup> batch = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          Exchange drawn = demonstrations.get(random.nextInt(demonstrations.size()));
          batch.add(TrainingGroup.of(TrainingItem.of(drawn)));
        }
        double rate = DEMONSTRATION_RATE * (1 - step / (double) steps);
        loss = policy.step(batch, Objective.supervised(), StepOptions.of(rate, 32)).loss();
      }
      print("the start: %d steps on chosen answers, %.1f nats an answer", steps, loss);
      policy.save(output);
    }
  }

  private static void train(Path model, Corpus corpus, Path output, Budget budget)
      throws IOException {
    RewardTrainingOptions options =
        new RewardTrainingOptions(
            new TrainingOptions(
                REWARD_RATE, Schedule.of(Schedule.Shape.LINEAR), AdamW.DEFAULT, 1, 32, 8),
            budget.rewardEpochs(),
            0,
            0);
    try (RewardModel reward = RewardModel.from(model, 0, OPTIONS)) {
      List<RewardEpoch> epochs =
          RewardTraining.of(reward, options).run(corpus.train(), corpus.test(), output);
      print("the judge: %s", RewardTraining.best(epochs));
    }
  }

  private void run(long seed) throws IOException {
    List<PreferencePair> pairs = corpus.shuffled(seed);
    List<PreferencePair> seeds = pairs.subList(0, budget.seeds());
    List<PreferencePair> rest = pairs.subList(budget.seeds(), pairs.size());
    int prompts = Math.min(rest.size(), budget.rounds() * budget.roundPrompts());
    Method.Material material =
        new Method.Material(seeds, Corpus.prompts(rest.subList(0, prompts)), judge, budget);
    try (CausalLm base = CausalLm.load(start, OPTIONS);
        FrozenPolicy reference = base.reference()) {
      List<PreferencePair> test =
          corpus.test().subList(0, Math.min(corpus.test().size(), budget.test()));
      Marks.Bench bench =
          new Marks.Bench(
              reference, judge, Corpus.prompts(test), budget.newTokens(), TARGET_KL, seed);
      add(seed, "start", bench.of(base), 0);
      for (Method method : Method.all()) {
        align(method, material, bench, seed, false);
      }
      align(Method.SLHF, material, bench, seed, true);
    }
  }

  private void align(
      Method method, Method.Material material, Marks.Bench bench, long seed, boolean both)
      throws IOException {
    long began = System.nanoTime();
    try (CausalLm policy = CausalLm.load(start, OPTIONS)) {
      Aligner.Builder aligner = Aligner.builder().policy(policy).seed(seed);
      method.recipe().apply(aligner, material).build().align();
      double seconds = (System.nanoTime() - began) / 1e9;
      add(seed, both ? method.name() + ", leader" : method.name(), bench.of(policy), seconds);
      if (both) {
        add(seed, method.name() + ", follower", bench.ofFollower(policy), seconds);
      }
    }
  }

  private void add(long seed, String name, Marks marks, double seconds) {
    table.computeIfAbsent(name, any -> new ArrayList<>()).add(marks);
    print(
        "seed %d, %s: preference %.3f, KL %.2f, at KL %.0f %.3f, %.1f tokens, %.0f s",
        seed,
        name,
        marks.preference(),
        marks.kl(),
        TARGET_KL,
        marks.matched(),
        marks.tokens(),
        seconds);
  }

  static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
