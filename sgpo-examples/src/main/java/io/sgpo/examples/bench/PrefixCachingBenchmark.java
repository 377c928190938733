package io.sgpo.examples.bench;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a follower's draws take that go on from the leader's keys and values, and what they take
 * when the whole conversation is read again, beside the other parts of a step of SLHF. Prompts of
 * 256 tokens, answers of 128, an instruction of 20, 128 new tokens; random weights, float32, an
 * adapter of rank 16. In turns, medians of one run; with one thread the times are the thread's
 * processor times, which other programs disturb less.
 *
 * <pre>
 * mvn package -DskipTests
 * java -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.bench.PrefixCachingBenchmark [15M|0.5B [layers [rows [threads [turns]]]]]
 * </pre>
 */
public final class PrefixCachingBenchmark {

  private static final int PROMPT = 256;
  private static final int NEW = 128;
  private static final int INSTRUCTION = 20;

  private final CausalLm model;
  private final List<TokenPrompt> prompts;
  private final List<TokenPrompt> followUps = new ArrayList<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Sampling sampling = Sampling.of(NEW, 1).withIgnoreEndOfSequence(true);

  private PrefixCachingBenchmark(CausalLm model, int rows) {
    this.model = model;
    this.prompts =
        IntStream.range(0, rows).mapToObj(row -> new TokenPrompt(tokens(row, PROMPT))).toList();
  }

  public static void main(String[] arguments) throws IOException {
    String size = arguments.length > 0 ? arguments[0] : "15M";
    int layers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 6;
    int rows = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 16;
    int threads = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
    int turns = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 3;
    ModelConfig config =
        switch (size) {
          case "15M" -> ModelConfig.llama(32_000, 288, 768, layers, 6, 6);
          case "0.5B" -> ModelConfig.llama(151_936, 896, 4864, layers, 14, 2);
          default -> throw new IllegalArgumentException("size must be 15M or 0.5B, was " + size);
        };
    CausalLmOptions options =
        CausalLmOptions.DEFAULT.withThreads(threads).withLora(LoraOptions.rank(16));
    try (CausalLm model = CausalLm.create(config, null, 1, options)) {
      print("%s, %d layers, %,d weights, %d rows", size, layers, model.parameters(), rows);
      new PrefixCachingBenchmark(model, rows).run(new Stopwatch(threads == 1), turns);
    }
  }

  private Tokens tokens(int row, int length) {
    int vocabulary = model.config().vocabularySize();
    return Tokens.of(Streams.of(length, "benchmark", row).ints(length, 0, vocabulary).toArray());
  }

  private void run(Stopwatch watch, int turns) {
    try (FrozenPolicy reference = model.reference()) {
      goOn(model.sample(prompts, sampling));
      double[] seconds =
          watch.medians(
              turns,
              () -> model.sample(prompts, sampling),
              () -> model.sample(followUps, sampling),
              this::inSession,
              () -> reference.logProbs(exchanges),
              this::train);
      double leader = seconds[0];
      double plain = seconds[1];
      // The session's leader does all that the plain one does.
      double reused = seconds[2] - leader;
      double rest = leader + seconds[3] + seconds[4];
      print(
          "follower %.3f s, going on from the leader's keys and values %.3f s: %.2f times",
          plain, reused, plain / reused);
      print(
          "leader %.3f s, scores of the reference %.3f s, training %.3f s",
          leader, seconds[3], seconds[4]);
      print(
          "the follower's draws are %.0f %% of a step, %.0f %% when they go on; a step %.2f times",
          100 * plain / (plain + rest),
          100 * reused / (reused + rest),
          (plain + rest) / (reused + rest));
    }
  }

  private void goOn(List<List<Sample>> answers) {
    for (int row = 0; row < prompts.size(); row++) {
      Exchange answered = answers.get(row).get(0).exchange();
      Tokens all = prompts.get(row).tokens().concat(answered.response().tokens());
      followUps.add(new TokenPrompt(all.concat(tokens(row, INSTRUCTION))));
      exchanges.add(answered);
      exchanges.add(new Exchange(followUps.get(row), answered.response()));
    }
  }

  private void inSession() {
    try (SamplingSession session = model.session()) {
      session.sample(prompts, sampling);
      session.sample(followUps, sampling);
    }
  }

  private void train() {
    List<TrainingGroup> groups = new ArrayList<>();
    for (int row = 0; row < prompts.size(); row++) {
      groups.add(
          TrainingGroup.of(
              TrainingItem.of(exchanges.get(2 * row)),
              TrainingItem.of(exchanges.get(2 * row + 1))));
    }
    // A rate of 0: every turn draws from the same weights.
    model.step(groups, Objective.supervised(), StepOptions.of(0, groups.size()));
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
