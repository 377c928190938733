package io.sgpo.store;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.judge.CachedJudge;
import io.sgpo.judge.CountingJudge;
import io.sgpo.judge.VerdictCache;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Policy;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Measure;
import io.sgpo.ssapo.RoundOptions;
import io.sgpo.ssapo.RoundPairs;
import io.sgpo.ssapo.RoundReference;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Runs on tables that take milliseconds, and what is left of them. */
final class TinyRuns {

  static final TinyWorld WORLD = new TinyWorld(3);

  /** What an engine is asked to do on the world. */
  enum Kind {
    DPO,
    ITERATIVE_DPO,
    /** With a judge that remembers: what it knew is lost with the process. */
    CACHED_JUDGE,
    SSAPO,
    /** Against the policy at the start of each round, on the newest pairs. */
    SSAPO_MOVING,
    SPA,
    SLHF,
    RLOO,
    NASH_MD;

    /** The policy that a run starts from. */
    TabularPolicy policy() {
      TabularPolicy table = WORLD.policy();
      return this == SLHF ? table.withFollowUps(Refiner.IMPROVE_INSTRUCTION) : table;
    }

    Aligner.Builder builder(TabularPolicy policy) {
      return switch (this) {
        case DPO -> WORLD.aligner(policy).engine("dpo").epochs(2);
        case ITERATIVE_DPO ->
            rounds(policy).engine("iterative-dpo").preferenceModel(TinyWorld.judge());
        case CACHED_JUDGE ->
            rounds(policy).engine("iterative-dpo").preferenceModel(rememberingJudge());
        case SSAPO_MOVING ->
            rounds(policy)
                .refreshesPerRound(3)
                .option(RoundOptions.PAIRS, RoundPairs.NEWEST)
                .option(RoundOptions.REFERENCE, RoundReference.ROUND);
        case SSAPO -> rounds(policy).refreshesPerRound(3).proximal(0.1);
        case SPA -> rounds(policy).engine("spa");
        case SLHF -> played(policy).engine("slhf");
        case RLOO -> played(policy).engine("rloo");
        case NASH_MD -> played(policy).engine("nash-md");
      };
    }

    private static PreferenceModel rememberingJudge() {
      return CachedJudge.of(CountingJudge.of(TinyWorld.judge()), VerdictCache.inMemory());
    }

    private static Aligner.Builder played(TabularPolicy policy) {
      return Aligner.builder()
          .policy(policy)
          .prompts(TinyWorld.PROMPTS)
          .preferenceModel(TinyWorld.judge())
          .learningRate(0.05)
          .batchSize(5)
          .steps(14);
    }

    private static Aligner.Builder rounds(TabularPolicy policy) {
      return WORLD.rounds(policy).warmStartEpochs(1).epochsPerRound(1);
    }
  }

  /** The final weights and the run's files but manifest, checkpoints and lock, as text. */
  record Left(String weights, Map<String, String> files) {}

  private TinyRuns() {}

  /** Aligns a fresh policy, and tells what is left of it. */
  static Left run(Kind kind, Path directory, UnaryOperator<Aligner.Builder> more) {
    try (TabularPolicy policy = kind.policy()) {
      more.apply(kind.builder(policy).runDirectory(directory)).build().align();
      return new Left(TinyWorld.digest(policy), files(directory));
    }
  }

  static Map<String, String> files(Path directory) {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString();
        if (name.endsWith(".jsonl")) {
          files.put(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return files;
  }

  /** Mean log-probability of the better answer: a measure without draws. */
  static Measure chosen() {
    return new Measure() {
      @Override
      public String name() {
        return "chosen";
      }

      @Override
      public boolean higherIsBetter() {
        return true;
      }

      @Override
      public double of(Policy policy, FrozenPolicy start) {
        List<Exchange> exchanges = new ArrayList<>();
        for (PreferencePair pair : WORLD.seeds()) {
          exchanges.add(pair.chosenExchange());
        }
        return policy.logProbs(exchanges).stream().mapToDouble(scores -> scores.sum()).sum();
      }
    };
  }
}
