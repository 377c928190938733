package io.sgpo.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Policy;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.preference.PreferencePair;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link TrainablePolicy} keeps. A subclass gives policies, prompts and pairs, and
 * loosens the tolerances if its arithmetic is not that of doubles.
 */
public abstract class TrainablePolicyContract {

  private static final long SEED = 17;
  private static final int LIMIT = 6;

  /** A fresh policy whose weights are a function of the seed. */
  protected abstract TrainablePolicy newPolicy(long seed);

  /** At least three different prompts. */
  protected abstract List<Prompt> prompts();

  /** At least four pairs that the policy can read. */
  protected abstract List<PreferencePair> pairs();

  /** How far two computations of one log-probability may be apart. */
  protected double tolerance() {
    return 1e-12;
  }

  /** A learning rate of AdamW at which a step visibly changes the policy. */
  protected double learningRate() {
    return 0.05;
  }

  /** Length h of the gradient step θ − h∇L whose effect on L is compared with −h‖∇L‖². */
  protected double gradientStep() {
    return 1e-6;
  }

  /** Relative error allowed in that comparison. */
  protected double gradientTolerance() {
    return 1e-4;
  }

  @Test
  void drawsAreAFunctionOfTheSeed() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      Sampling sampling = Sampling.of(LIMIT, 5).withSamplesPerPrompt(8).withTemperature(0.9);
      assertEquals(exchanges(policy, sampling), exchanges(policy, sampling));
      assertNotEquals(exchanges(policy, sampling), exchanges(policy, sampling.withSeed(6)));
    }
  }

  @Test
  void aRowsDrawsDependOnNoOtherRowAndNotOnTheNumberOfSamples() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      Sampling four = Sampling.of(LIMIT, 5).withSamplesPerPrompt(4);
      List<Sample> inBatch = policy.sample(prompts(), four).get(0);
      List<Sample> alone = policy.sample(prompts().subList(0, 1), four).get(0);
      List<Sample> fewer =
          policy.sample(prompts().subList(0, 2), four.withSamplesPerPrompt(2)).get(0);
      assertEquals(exchanges(inBatch), exchanges(alone));
      assertEquals(exchanges(inBatch).subList(0, 2), exchanges(fewer));
      assertClose(logProbs(inBatch), logProbs(alone));
    }
  }

  @Test
  void aSamplesLogProbsAreThoseThatScoringGives() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      for (double temperature : new double[] {0.7, 1, 1.3}) {
        Sampling sampling = Sampling.of(LIMIT, 5).withTemperature(temperature);
        List<Sample> drawn = flat(policy.sample(prompts(), sampling));
        assertClose(policy.logProbs(exchanges(drawn), temperature), logProbs(drawn));
        for (Sample sample : drawn) {
          assertEquals(sample.logProbs().sum(), sample.samplingLogProb(), tolerance());
          assertEquals(sample.exchange().response().tokens().size(), sample.logProbs().size());
          assertTrue(sample.logProbs().size() <= LIMIT);
        }
      }
    }
  }

  /** The uniforms are those of draws without a session, and so are the log-probabilities. */
  @Test
  void sessionsDrawWhatThePolicyDraws() {
    try (TrainablePolicy policy = newPolicy(SEED);
        FrozenPolicy reference = policy.reference()) {
      for (Policy drawing : List.of(policy, reference)) {
        SamplingSession session = drawing.session();
        for (long seed = 5; seed < 8; seed++) {
          Sampling sampling = Sampling.of(LIMIT, seed).withSamplesPerPrompt(2);
          List<Sample> drawn = flat(session.sample(prompts(), sampling));
          assertEquals(exchanges(flat(drawing.sample(prompts(), sampling))), exchanges(drawn));
          assertClose(policy.logProbs(exchanges(drawn)), logProbs(drawn));
        }
        session.close();
        session.close();
        assertThrows(
            IllegalStateException.class, () -> session.sample(prompts(), Sampling.of(LIMIT, 5)));
      }
    }
  }

  @Test
  void greedyDrawsAreTopOneDrawsWithLogProbsAtTemperatureOne() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      List<Sample> greedy = flat(policy.sample(prompts(), Sampling.greedy(LIMIT)));
      List<Sample> topOne = flat(policy.sample(prompts(), Sampling.of(LIMIT, 5).withTopK(1)));
      assertEquals(exchanges(greedy), exchanges(topOne));
      assertClose(policy.logProbs(exchanges(greedy)), logProbs(greedy));
      topOne.forEach(sample -> assertEquals(0, sample.samplingLogProb(), tolerance()));
    }
  }

  @Test
  void filteredDrawsAreAtLeastAsProbableAsUnfilteredOnes() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      Sampling filtered = Sampling.of(LIMIT, 5).withTopP(0.6).withSamplesPerPrompt(4);
      for (Sample sample : flat(policy.sample(prompts(), filtered))) {
        assertTrue(sample.samplingLogProb() >= sample.logProbs().sum() - tolerance());
      }
    }
  }

  @Test
  void mixturesReachFromThePolicyToTheReference() {
    Sampling sampling = Sampling.of(LIMIT, 5).withSamplesPerPrompt(30).withTemperature(0.8);
    try (TrainablePolicy policy = newPolicy(SEED);
        FrozenPolicy reference = policy.reference()) {
      train(policy, 3);
      List<Sample> none = flat(policy.sampleMixture(prompts(), sampling, reference, 0));
      assertEquals(exchanges(flat(policy.sample(prompts(), sampling))), exchanges(none));
      List<Sample> all = flat(policy.sampleMixture(prompts(), sampling, reference, 1));
      assertEquals(exchanges(flat(reference.sample(prompts(), sampling))), exchanges(all));
      for (List<Sample> drawn : List.of(none, all)) {
        assertClose(policy.logProbs(exchanges(drawn), 0.8), logProbs(drawn));
      }
      List<LogProbs> scores = reference.logProbs(exchanges(all), 0.8);
      for (int i = 0; i < all.size(); i++) {
        assertEquals(scores.get(i).sum(), all.get(i).samplingLogProb(), tolerance());
      }
      List<Sample> half = flat(policy.sampleMixture(prompts(), sampling, reference, 0.5));
      assertNotEquals(exchanges(none), exchanges(half));
    }
  }

  /** Between two answers to a prompt of one token each the normaliser cancels. */
  @Test
  void scoresOfMixturesReachBeyondThePolicy() {
    Sampling sampling = Sampling.of(1, 5).withSamplesPerPrompt(20);
    try (TrainablePolicy policy = newPolicy(SEED);
        FrozenPolicy reference = policy.reference()) {
      List<Exchange> answers = exchanges(policy.sample(prompts(), sampling).get(0));
      train(policy, 3);
      List<LogProbs> own = policy.logProbs(answers);
      List<LogProbs> other = reference.logProbs(answers);
      assertClose(own, policy.mixtureLogProbs(answers, reference, 0));
      assertClose(other, policy.mixtureLogProbs(answers, reference, 1));
      for (double m : new double[] {-0.5, 0.3}) {
        List<LogProbs> mixed = policy.mixtureLogProbs(answers, reference, m);
        for (int i = 1; i < answers.size(); i++) {
          double expected =
              (1 - m) * (own.get(i).sum() - own.get(0).sum())
                  + m * (other.get(i).sum() - other.get(0).sum());
          assertEquals(expected, mixed.get(i).sum() - mixed.get(0).sum(), 4 * tolerance());
        }
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> policy.mixtureLogProbs(answers, reference, Double.NaN));
    }
  }

  @Test
  void mixturesOutsideTheirDomainAreRefused() {
    try (TrainablePolicy policy = newPolicy(SEED);
        FrozenPolicy reference = policy.reference()) {
      for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
        IllegalArgumentException refusal =
            assertThrows(
                IllegalArgumentException.class,
                () -> policy.sampleMixture(prompts(), Sampling.of(1, 0), reference, bad));
        assertTrue(String.valueOf(refusal.getMessage()).contains("mixture"));
        assertTrue(String.valueOf(refusal.getMessage()).contains(String.valueOf(bad)));
      }
    }
  }

  @Test
  void nothingIsDrawnForNoPromptsAndNothingScoredForNoExchanges() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      assertEquals(List.of(), policy.sample(List.of(), Sampling.of(LIMIT, 0)));
      assertEquals(List.of(), policy.logProbs(List.of()));
    }
  }

  @Test
  void theReferenceStaysAsItWasAndOutlivesThePolicy() {
    List<LogProbs> before;
    FrozenPolicy reference;
    try (TrainablePolicy policy = newPolicy(SEED)) {
      before = policy.logProbs(exchanges());
      reference = policy.reference();
      String digest = reference.digest();
      train(policy, 3);
      assertNotEquals(before, policy.logProbs(exchanges()));
      assertClose(before, reference.logProbs(exchanges()));
      assertEquals(digest, reference.digest());
      try (FrozenPolicy later = policy.reference()) {
        assertNotEquals(digest, later.digest());
      }
    }
    try (reference) {
      assertClose(before, reference.logProbs(exchanges()));
      assertEquals(3, reference.sample(prompts().subList(0, 3), Sampling.of(LIMIT, 1)).size());
    }
  }

  @Test
  void equalWeightsHaveEqualDigests() {
    try (TrainablePolicy one = newPolicy(SEED);
        TrainablePolicy same = newPolicy(SEED);
        TrainablePolicy other = newPolicy(SEED + 1);
        FrozenPolicy oneReference = one.reference();
        FrozenPolicy sameReference = same.reference();
        FrozenPolicy otherReference = other.reference()) {
      assertEquals(oneReference.digest(), sameReference.digest());
      assertNotEquals(oneReference.digest(), otherReference.digest());
    }
  }

  /**
   * With β₁ = β₂ = 0 and a large ε AdamW is gradient descent: a step of h∇L lowers L by h‖∇L‖², the
   * norm being the one that the step reports.
   */
  @Test
  void aStepDescendsTheObjectiveAtTheRateOfItsGradientNorm() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      double epsilon = 1e6;
      double h = gradientStep();
      policy.resetOptimizer(new AdamW(0, 0, epsilon, 0));
      double before = objectiveValue(policy);
      StepResult result =
          policy.step(batch(), margins(), StepOptions.of(h * epsilon, pairs().size()));
      double drop = before - objectiveValue(policy);
      double expected = h * result.gradientNorm() * result.gradientNorm();
      assertTrue(expected > 0);
      assertEquals(before, result.loss(), tolerance() * Math.max(1, Math.abs(before)));
      assertEquals(expected, drop, gradientTolerance() * expected);
    }
  }

  @Test
  void tokensAreCounted() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      long expected = policy.logProbs(exchanges()).stream().mapToLong(LogProbs::size).sum();
      assertEquals(expected, policy.step(batch(), margins(), options()).tokens());
    }
  }

  @Test
  void clippingBoundsTheGradientAndReportsTheNormBefore() {
    try (TrainablePolicy free = newPolicy(SEED);
        TrainablePolicy clipped = newPolicy(SEED)) {
      AdamW descent = new AdamW(0, 0, 1e6, 0);
      free.resetOptimizer(descent);
      clipped.resetOptimizer(descent);
      StepOptions options = StepOptions.of(gradientStep() * 1e6, pairs().size());
      double before = objectiveValue(free);
      double norm = free.step(batch(), margins(), options).gradientNorm();
      StepOptions half = options.withMaxGradientNorm(norm / 2);
      assertEquals(
          norm, clipped.step(batch(), margins(), half).gradientNorm(), norm * tolerance() * 10);
      double drop = before - objectiveValue(free);
      assertEquals(
          drop / 2, before - objectiveValue(clipped), 2 * gradientTolerance() * Math.abs(drop));
    }
  }

  @Test
  void microBatchesAddUpToTheSameStep() {
    try (TrainablePolicy whole = newPolicy(SEED);
        TrainablePolicy split = newPolicy(SEED)) {
      for (int i = 0; i < 2; i++) {
        StepResult one = whole.step(batch(), margins(), options());
        StepResult many = split.step(batch(), margins(), options().withMicroBatchGroups(1));
        assertEquals(one.loss(), many.loss(), tolerance());
        assertEquals(one.tokens(), many.tokens());
      }
      assertClose(whole.logProbs(exchanges()), split.logProbs(exchanges()));
    }
  }

  @Test
  void aCoupledObjectiveThatIsASumTrainsLikeTheSeparableOne() {
    Objective.Separable separable = margins();
    Objective.Coupled coupled =
        scores -> {
          List<GroupGradient> answers = new ArrayList<>();
          for (int g = 0; g < scores.size(); g++) {
            answers.add(separable.evaluate(g, scores.get(g)));
          }
          return answers;
        };
    try (TrainablePolicy one = newPolicy(SEED);
        TrainablePolicy other = newPolicy(SEED)) {
      StepOptions options = options().withMicroBatchGroups(2);
      one.step(batch(), separable, options);
      other.step(batch(), coupled, options);
      assertClose(one.logProbs(exchanges()), other.logProbs(exchanges()));
    }
  }

  @Test
  void supervisedFineTuningRaisesTheLogProb() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      List<Exchange> target = List.of(pairs().get(0).chosenExchange());
      double before = policy.logProbs(target).get(0).sum();
      List<TrainingGroup> batch = List.of(TrainingGroup.of(TrainingItem.of(target.get(0))));
      for (int i = 0; i < 3; i++) {
        policy.step(batch, Objective.supervised(), StepOptions.of(learningRate(), 1));
      }
      assertTrue(policy.logProbs(target).get(0).sum() > before);
    }
  }

  @Test
  void theFollowersItemsTrainToo() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      Exchange exchange = pairs().get(0).chosenExchange();
      TrainingGroup group = TrainingGroup.of(new TrainingItem(exchange, PolicyRole.FOLLOWER));
      StepResult result =
          policy.step(List.of(group), Objective.supervised(), StepOptions.of(learningRate(), 1));
      assertTrue(result.gradientNorm() > 0);
    }
  }

  @Test
  void whatIsNotFiniteIsRefusedAndNothingIsApplied() {
    for (double bad :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      refused((group, scores) -> GroupGradient.ofSequences(0, group == 1 ? bad : 1, -1));
      refused((group, scores) -> GroupGradient.ofSequences(group == 1 ? bad : 0, 1, -1));
    }
  }

  private void refused(Objective.Separable objective) {
    try (TrainablePolicy policy = newPolicy(SEED);
        TrainablePolicy untouched = newPolicy(SEED)) {
      List<LogProbs> before = policy.logProbs(exchanges());
      ArithmeticException refusal =
          assertThrows(
              ArithmeticException.class,
              () -> policy.step(batch(), objective, options().withMicroBatchGroups(1)));
      assertFalse(String.valueOf(refusal.getMessage()).isBlank());
      assertEquals(before, policy.logProbs(exchanges()));
      train(policy, 2);
      train(untouched, 2);
      assertEquals(untouched.logProbs(exchanges()), policy.logProbs(exchanges()));
    }
  }

  @Test
  void anEmptyBatchIsRefused() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      assertThrows(
          IllegalArgumentException.class, () -> policy.step(List.of(), margins(), options()));
    }
  }

  @Test
  void aLearningRateOfZeroChangesNothing() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      List<LogProbs> before = policy.logProbs(exchanges());
      policy.step(batch(), margins(), StepOptions.of(0, 1));
      assertEquals(before, policy.logProbs(exchanges()));
    }
  }

  @Test
  void resettingTheOptimizerForgetsTheMoments(@TempDir Path directory) throws IOException {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      train(policy, 2);
      policy.captureState(directory.resolve("state"));
      train(policy, 1);
      List<LogProbs> withMoments = policy.logProbs(exchanges());
      policy.restoreState(directory.resolve("state"));
      policy.resetOptimizer(AdamW.DEFAULT);
      train(policy, 1);
      assertNotEquals(withMoments, policy.logProbs(exchanges()));
    }
  }

  @Test
  void aRestoredStateContinuesBitForBit(@TempDir Path directory) throws IOException {
    Path state = directory.resolve("state");
    try (TrainablePolicy policy = newPolicy(SEED);
        TrainablePolicy fresh = newPolicy(SEED)) {
      policy.resetOptimizer(AdamW.DEFAULT.withWeightDecay(0.01));
      train(policy, 2);
      policy.captureState(state);
      List<LogProbs> captured = policy.logProbs(exchanges());
      train(policy, 2);
      List<LogProbs> end = policy.logProbs(exchanges());
      for (TrainablePolicy resumed : List.of(policy, fresh)) {
        resumed.restoreState(state);
        assertEquals(captured, resumed.logProbs(exchanges()));
        train(resumed, 2);
        assertEquals(end, resumed.logProbs(exchanges()));
      }
    }
  }

  @Test
  void aStateIsNeverOverwrittenAndNoStateChangesNothing(@TempDir Path directory)
      throws IOException {
    Path state = directory.resolve("state");
    try (TrainablePolicy policy = newPolicy(SEED)) {
      policy.captureState(state);
      assertThrows(FileAlreadyExistsException.class, () -> policy.captureState(state));
      List<LogProbs> before = policy.logProbs(exchanges());
      assertThrows(IOException.class, () -> policy.restoreState(directory.resolve("missing")));
      Path empty = Files.createDirectory(directory.resolve("empty"));
      assertThrows(IOException.class, () -> policy.restoreState(empty));
      assertEquals(before, policy.logProbs(exchanges()));
    }
  }

  @Test
  void savingReplacesWhatWasThere(@TempDir Path directory) throws IOException {
    Path saved = directory.resolve("saved");
    try (TrainablePolicy policy = newPolicy(SEED)) {
      policy.save(saved);
      train(policy, 1);
      policy.save(saved);
      assertTrue(Files.isDirectory(saved));
    }
  }

  @Test
  void closingTwiceIsClosingOnceAndFurtherCallsFail() {
    TrainablePolicy policy = newPolicy(SEED);
    policy.close();
    assertDoesNotThrow(policy::close);
    assertThrows(IllegalStateException.class, () -> policy.logProbs(exchanges()));
    assertThrows(
        IllegalStateException.class, () -> policy.sample(prompts(), Sampling.of(LIMIT, 0)));
    assertThrows(IllegalStateException.class, () -> policy.step(batch(), margins(), options()));
  }

  @Test
  void anInterruptCancelsAndStaysSet() {
    try (TrainablePolicy policy = newPolicy(SEED)) {
      List<LogProbs> before = policy.logProbs(exchanges());
      cancelled(() -> policy.sample(prompts(), Sampling.of(LIMIT, 0)));
      cancelled(() -> policy.logProbs(exchanges()));
      cancelled(() -> policy.step(batch(), margins(), options()));
      assertEquals(before, policy.logProbs(exchanges()));
    }
  }

  private static void cancelled(Runnable work) {
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancellationException.class, work::run);
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  /** The squared distance of the pair's margin from 3: smooth, with a gradient that is not flat. */
  private static Objective.Separable margins() {
    return (group, scores) -> {
      double distance = scores.get(0).sum() - scores.get(1).sum() - 3;
      return GroupGradient.ofSequences(distance * distance / 2, distance, -distance);
    };
  }

  private double objectiveValue(TrainablePolicy policy) {
    List<LogProbs> scores = policy.logProbs(exchanges());
    double sum = 0;
    for (int i = 0; i < pairs().size(); i++) {
      sum += margins().evaluate(i, scores.subList(2 * i, 2 * i + 2)).loss();
    }
    return sum / pairs().size();
  }

  private void train(TrainablePolicy policy, int steps) {
    for (int i = 0; i < steps; i++) {
      policy.step(batch(), margins(), options());
    }
  }

  private StepOptions options() {
    return StepOptions.of(learningRate(), pairs().size());
  }

  private List<TrainingGroup> batch() {
    return pairs().stream().map(TrainingGroup::of).toList();
  }

  private List<Exchange> exchanges() {
    List<Exchange> exchanges = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      exchanges.add(pair.chosenExchange());
      exchanges.add(pair.rejectedExchange());
    }
    return exchanges;
  }

  private List<Exchange> exchanges(TrainablePolicy policy, Sampling sampling) {
    return exchanges(flat(policy.sample(prompts(), sampling)));
  }

  private static List<Exchange> exchanges(List<Sample> samples) {
    return samples.stream().map(Sample::exchange).toList();
  }

  private static List<LogProbs> logProbs(List<Sample> samples) {
    return samples.stream().map(Sample::logProbs).toList();
  }

  private static List<Sample> flat(List<List<Sample>> samples) {
    return samples.stream().flatMap(List::stream).toList();
  }

  private void assertClose(List<LogProbs> expected, List<LogProbs> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      double[] values = actual.get(i).toArray();
      assertEquals(expected.get(i).size(), values.length);
      for (int t = 0; t < values.length; t++) {
        assertEquals(expected.get(i).get(t), values[t], tolerance());
      }
    }
  }
}
