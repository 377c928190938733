package io.sgpo.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.lm.RewardModel;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.Schedule;
import io.sgpo.preference.PreferencePair;
import io.sgpo.testing.Refusals;
import io.sgpo.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a task that a tiny model learns: the response with more of token 3 is preferred. */
class RewardTrainingTest {

  private static final int WANTED = 3;
  private static final CausalLmOptions OPTIONS = CausalLmOptions.DEFAULT.withThreads(1);
  private static final RewardTrainingOptions TRAINING =
      RewardTrainingOptions.DEFAULT.withTraining(
          new TrainingOptions(1e-2, Schedule.of(Schedule.Shape.LINEAR), AdamW.DEFAULT, 1, 16, 8));

  @TempDir private Path directory;

  private static RewardModel model(CausalLmOptions options) throws IOException {
    return RewardModel.create(ModelConfig.llama(8, 16, 32, 2, 2, 2), null, 4, options);
  }

  private static List<PreferencePair> pairs(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PreferencePair> pairs = new ArrayList<>();
    while (pairs.size() < count) {
      TokenPrompt prompt = TokenPrompt.of(random.ints(3, 0, 8).toArray());
      int[] first = random.ints(random.nextInt(4, 8), 0, 8).toArray();
      int[] second = random.ints(random.nextInt(4, 8), 0, 8).toArray();
      long difference = wanted(first) - wanted(second);
      if (difference != 0) {
        Response one = Response.ofTokens(Tokens.of(difference > 0 ? first : second));
        Response other = Response.ofTokens(Tokens.of(difference > 0 ? second : first));
        pairs.add(new PreferencePair(prompt, one, other));
      }
    }
    return pairs;
  }

  private static long wanted(int[] ids) {
    return IntStream.of(ids).filter(id -> id == WANTED).count();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void learnsATask(boolean adapter) throws IOException {
    LoraOptions lora = LoraOptions.rank(4).allLinear();
    List<PreferencePair> heldOut = pairs(100, 2);
    Path output = directory.resolve("reward");
    try (RewardModel model = model(OPTIONS.withLora(adapter ? lora : null))) {
      List<RewardEpoch> epochs =
          RewardTraining.of(model, TRAINING.withEpochs(4)).run(pairs(300, 1), heldOut, output);
      RewardEpoch best = RewardTraining.best(epochs);
      assertEquals(4, epochs.size());
      RewardAccuracy accuracy = best.heldOut();
      assertTrue(accuracy.accuracy().lower() > 0.8, accuracy::toString);
      assertTrue(accuracy.loss() < 0.4 && accuracy.margin() > 0.5, accuracy::toString);
      assertTrue(epochs.get(3).trainingLoss() < epochs.get(0).trainingLoss());
      try (RewardModel saved = RewardModel.load(output, OPTIONS)) {
        assertEquals(
            accuracy.accuracy().rate(),
            RewardAccuracy.of(saved::scores, heldOut, 0).accuracy().rate());
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    List<byte[]> weights = new ArrayList<>();
    for (long seed : new long[] {5, 5, 6}) {
      Path output = directory.resolve("reward" + weights.size());
      try (RewardModel model = model(OPTIONS)) {
        RewardTraining.of(model, TRAINING.withEpochs(1).withSeed(seed))
            .run(pairs(40, 1), List.of(), output);
      }
      weights.add(Files.readAllBytes(output.resolve("model.safetensors")));
    }
    assertArrayEquals(weights.get(0), weights.get(1));
    assertFalse(Arrays.equals(weights.get(0), weights.get(2)));
  }

  @Test
  void keepsTheEpochThatIsBestOnWhatIsHeldOut() throws IOException {
    // labels held out are the opposite of those trained on: the first epoch is the least wrong
    List<PreferencePair> opposite = pairs(60, 2).stream().map(PreferencePair::flipped).toList();
    Path output = directory.resolve("reward");
    try (RewardModel model = model(OPTIONS)) {
      List<RewardEpoch> epochs =
          RewardTraining.of(model, TRAINING.withEpochs(3)).run(pairs(200, 1), opposite, output);
      RewardEpoch best = RewardTraining.best(epochs);
      double highest =
          epochs.stream().mapToDouble(e -> e.heldOut().accuracy().rate()).max().orElseThrow();
      assertEquals(highest, best.heldOut().accuracy().rate());
      assertTrue(best.epoch() < 3, epochs::toString);
      try (RewardModel saved = RewardModel.load(output, OPTIONS)) {
        assertEquals(
            best.heldOut().loss(), RewardAccuracy.of(saved::scores, opposite, 0).loss(), 1e-12);
      }
    }
  }

  @Test
  void withoutHeldOutPairsTheLastEpochIsKept() throws IOException {
    Path output = directory.resolve("reward");
    try (RewardModel model = model(OPTIONS)) {
      List<RewardEpoch> epochs =
          RewardTraining.of(model, TRAINING.withEpochs(2)).run(pairs(20, 1), List.of(), output);
      assertEquals(2, RewardTraining.best(epochs).epoch());
      assertNull(epochs.get(1).heldOut());
      try (RewardModel saved = RewardModel.load(output, OPTIONS)) {
        assertEquals(model.digest(), saved.digest());
      }
    }
  }

  @Test
  void aSoftLabelOfOneHalfPullsRewardsTogetherAndCentringTowardsZero() throws IOException {
    List<PreferencePair> ties =
        pairs(32, 1).stream().map(pair -> pair.withProbability(0.5)).toList();
    try (RewardModel model = model(OPTIONS)) {
      double before = spread(model, ties);
      RewardTraining.of(model, TRAINING.withEpochs(10).withCentring(0.5))
          .run(ties, List.of(), directory.resolve("reward"));
      assertTrue(spread(model, ties) < before / 2, before + " to " + spread(model, ties));
    }
  }

  /** The mean square reward. */
  private static double spread(RewardModel model, List<PreferencePair> pairs) {
    double sum = 0;
    for (PreferencePair pair : pairs) {
      double[] scores = model.scores(List.of(pair.chosenExchange(), pair.rejectedExchange()));
      sum += scores[0] * scores[0] + scores[1] * scores[1];
    }
    return sum / pairs.size();
  }

  @Test
  void stopsWhenItIsInterrupted() throws IOException {
    Path output = directory.resolve("reward");
    try (RewardModel model = model(OPTIONS)) {
      RewardTraining training =
          RewardTraining.of(model, TRAINING)
              .listener(
                  new RewardTraining.Listener() {
                    @Override
                    public void onStep(int done, int total, double loss) {
                      if (done == 2) {
                        Thread.currentThread().interrupt();
                      }
                    }
                  });
      assertThrows(
          CancellationException.class, () -> training.run(pairs(100, 1), List.of(), output));
      assertTrue(Thread.interrupted());
    }
    assertTrue(Files.notExists(output));
  }

  @Test
  void accuracyByHand() {
    List<PreferencePair> pairs = pairs(5, 1);
    List<PreferencePair> labelled =
        List.of(
            pairs.get(0),
            pairs.get(1),
            pairs.get(2).withProbability(0.25),
            pairs.get(3).withProbability(0.5),
            pairs.get(4));
    // margins 1, −1, −2, 3, 0: right, wrong, right since the label favours rejected, left out, tie
    double[] scores = {1, 0, 0, 1, 0, 2, 3, 0, 7, 7};
    RewardAccuracy accuracy = RewardAccuracy.of(exchanges -> scores, labelled, 0);
    assertEquals(2.5 / 4, accuracy.accuracy().rate());
    assertEquals(1.0 / 5, accuracy.margin(), 1e-15);
    double loss =
        Math.log1p(Math.exp(-1))
            + Math.log1p(Math.exp(1))
            + (0.25 * Math.log1p(Math.exp(2)) + 0.75 * Math.log1p(Math.exp(-2)))
            + (0.5 * Math.log1p(Math.exp(-3)) + 0.5 * Math.log1p(Math.exp(3)))
            + Math.log(2);
    assertEquals(loss / 5, accuracy.loss(), 1e-12);
  }

  @Test
  void refusals() throws IOException {
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    Refusals.assertNames(type, () -> TRAINING.withEpochs(0), "epochs", "0");
    Refusals.assertNames(type, () -> TRAINING.withCentring(-1), "centring", "-1.0");
    Refusals.assertNames(type, () -> TRAINING.withCentring(Double.NaN), "centring", "NaN");
    List<PreferencePair> tie = List.of(pairs(1, 1).get(0).withProbability(0.5));
    Refusals.assertNames(type, () -> RewardAccuracy.of(any -> new double[2], tie, 0), "preferred");
    Refusals.assertNames(type, () -> RewardTraining.best(List.of()), "epochs");
    try (RewardModel model = model(OPTIONS)) {
      RewardTraining training = RewardTraining.of(model, TRAINING);
      Refusals.assertNames(
          type, () -> training.run(List.of(), List.of(), directory), "pairs", "empty");
    }
  }
}
