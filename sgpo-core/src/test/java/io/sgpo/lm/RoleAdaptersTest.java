package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose leader and follower have an adapter each. */
class RoleAdaptersTest {

  private static final LoraOptions LORA = LoraOptions.rank(2).allLinear();
  private static final StepOptions STEP = StepOptions.of(0.05, 1);

  private static final Exchange FIRST = exchange(1, 2, 3);
  private static final Exchange SECOND = exchange(4, 5, 6);
  private static final List<Exchange> BOTH = List.of(FIRST, SECOND);

  @TempDir private Path directory;

  private static Exchange exchange(int prompt, int... response) {
    return new Exchange(TokenPrompt.of(prompt), Response.ofTokens(Tokens.of(response)));
  }

  private static CausalLm model(LoraOptions lora) {
    try {
      return CausalLm.create(
          CausalLmContractTest.CONFIG, null, 7, GoldenModel.OPTIONS.withLora(lora));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static CausalLm separate() {
    return model(LORA.perRole(true));
  }

  private static TrainingGroup leader() {
    return TrainingGroup.of(new TrainingItem(FIRST, PolicyRole.LEADER));
  }

  private static TrainingGroup follower() {
    return TrainingGroup.of(new TrainingItem(SECOND, PolicyRole.FOLLOWER));
  }

  private static TrainingGroup together() {
    return TrainingGroup.of(
        new TrainingItem(FIRST, PolicyRole.LEADER), new TrainingItem(SECOND, PolicyRole.FOLLOWER));
  }

  private static StepResult train(CausalLm model, TrainingGroup... groups) {
    return model.step(List.of(groups), Objective.supervised(), STEP);
  }

  private static List<LogProbs> scores(CausalLm model, PolicyRole role) {
    return model.logProbs(BOTH, 1, role);
  }

  @Test
  void aRolesItemsTrainItsAdapterOnly() {
    try (CausalLm model = separate()) {
      assertTrue(model.hasFollowerWeights());
      List<LogProbs> start = scores(model, PolicyRole.LEADER);
      assertEquals(start, scores(model, PolicyRole.FOLLOWER));
      train(model, follower());
      train(model, follower());
      assertEquals(start, scores(model, PolicyRole.LEADER));
      assertEquals(start, model.logProbs(BOTH, 1));
      List<LogProbs> trained = scores(model, PolicyRole.FOLLOWER);
      assertTrue(trained.get(1).sum() > start.get(1).sum());
      train(model, leader());
      assertEquals(trained, scores(model, PolicyRole.FOLLOWER));
      assertNotEquals(start, scores(model, PolicyRole.LEADER));
    }
    try (CausalLm shared = model(LORA)) {
      assertFalse(shared.hasFollowerWeights());
      train(shared, follower());
      train(shared, follower());
      assertEquals(scores(shared, PolicyRole.FOLLOWER), scores(shared, PolicyRole.LEADER));
    }
  }

  /** A group of both roles gives each what it would get alone, and one norm over both. */
  @Test
  void aMixedStepIsTheTwoStepsAtOnce() {
    try (CausalLm mixed = separate();
        CausalLm alone = separate()) {
      for (int i = 0; i < 2; i++) {
        StepResult both = train(mixed, together());
        StepResult first = train(alone, leader());
        StepResult second = train(alone, follower());
        assertEquals(first.loss() + second.loss(), both.loss(), 1e-6);
        assertEquals(
            Math.hypot(first.gradientNorm(), second.gradientNorm()), both.gradientNorm(), 1e-6);
        assertEquals(first.tokens() + second.tokens(), both.tokens());
      }
      for (PolicyRole role : PolicyRole.values()) {
        assertEquals(scores(alone, role), scores(mixed, role));
      }
    }
  }

  /** A coupled objective sees the scores of both roles in the order of the items. */
  @Test
  void aCoupledObjectiveSeesEachRolesScores() {
    try (CausalLm separable = separate();
        CausalLm coupled = separate()) {
      train(separable, together());
      train(coupled, together());
      List<LogProbs> expected =
          List.of(
              scores(coupled, PolicyRole.LEADER).get(0),
              scores(coupled, PolicyRole.FOLLOWER).get(1));
      Objective.Coupled objective =
          scores -> {
            for (int i = 0; i < 2; i++) {
              assertEquals(expected.get(i).sum(), scores.get(0).get(i).sum(), 1e-5);
            }
            return List.of(GroupGradient.ofSequences(0, -1, -1));
          };
      coupled.step(List.of(together()), objective, STEP);
      train(separable, together());
      for (PolicyRole role : PolicyRole.values()) {
        for (int i = 0; i < 2; i++) {
          assertEquals(
              scores(separable, role).get(i).sum(), scores(coupled, role).get(i).sum(), 1e-4);
        }
      }
    }
  }

  /** AdamW's first step moves by the rate, so twice the rate is a step of twice the length. */
  @Test
  void theFollowersRateIsItsOwn() {
    try (CausalLm once = separate();
        CausalLm fast = separate()) {
      StepOptions small = StepOptions.of(1e-4, 1);
      once.step(List.of(together()), Objective.supervised(), small);
      fast.step(List.of(together()), Objective.supervised(), small.withFollowerRate(3));
      assertEquals(scores(once, PolicyRole.LEADER), scores(fast, PolicyRole.LEADER));
      try (CausalLm three = separate()) {
        three.step(List.of(follower()), Objective.supervised(), StepOptions.of(3e-4, 1));
        assertEquals(scores(three, PolicyRole.FOLLOWER), scores(fast, PolicyRole.FOLLOWER));
      }
    }
  }

  @Test
  void drawsAndReferencesAreOfTheirRole() {
    try (CausalLm model = separate();
        FrozenPolicy start = model.reference()) {
      for (int i = 0; i < 20; i++) {
        train(model, follower());
      }
      Sampling greedy = Sampling.greedy(2);
      assertEquals(
          List.of(5, 6), drawn(model.sample(prompts(), greedy.withRole(PolicyRole.FOLLOWER))));
      assertEquals(drawn(start.sample(prompts(), greedy)), drawn(model.sample(prompts(), greedy)));
      assertEquals(
          drawn(start.sample(prompts(), greedy)),
          drawn(start.sample(prompts(), greedy.withRole(PolicyRole.FOLLOWER))));
      try (FrozenPolicy frozen = model.reference()) {
        assertNotEquals(start.digest(), frozen.digest());
        for (PolicyRole role : PolicyRole.values()) {
          assertEquals(scores(model, role), frozen.logProbs(BOTH, 1, role));
        }
        assertEquals(
            List.of(5, 6),
            drawn(
                model.sampleMixture(prompts(), greedy.withRole(PolicyRole.FOLLOWER), frozen, 0.5)));
      }
    }
  }

  private static List<TokenPrompt> prompts() {
    return List.of(TokenPrompt.of(4));
  }

  private static List<Integer> drawn(List<List<Sample>> samples) {
    return samples.get(0).get(0).exchange().response().tokens().stream().boxed().toList();
  }

  @Test
  void aCapturedStateHasBoth() throws IOException {
    Path state = directory.resolve("state");
    try (CausalLm one = separate();
        CausalLm other = separate()) {
      train(one, together());
      one.captureState(state);
      train(one, together());
      other.restoreState(state);
      train(other, together());
      for (PolicyRole role : PolicyRole.values()) {
        assertEquals(scores(one, role), scores(other, role));
      }
    }
    Files.delete(state.resolve(StateFile.FOLLOWER));
    try (CausalLm model = separate()) {
      List<LogProbs> before = scores(model, PolicyRole.LEADER);
      assertThrows(IOException.class, () -> model.restoreState(state));
      assertEquals(before, scores(model, PolicyRole.LEADER));
    }
  }

  /** The leader's folder is a PEFT adapter, and so is the folder of the follower within it. */
  @Test
  void bothAreSavedAndLoaded() throws IOException {
    Path base = directory.resolve("base");
    Path saved = directory.resolve("saved");
    try (CausalLm model = model(null)) {
      model.save(base);
    }
    CausalLmOptions options = GoldenModel.OPTIONS;
    try (CausalLm model = CausalLm.load(base, options.withLora(LORA.perRole(true)))) {
      train(model, together());
      train(model, together());
      model.save(saved);
      model.save(saved);
      try (CausalLm again = CausalLm.load(base, saved, options);
          CausalLm follower = CausalLm.load(base, saved.resolve("follower"), options)) {
        assertTrue(again.hasFollowerWeights());
        assertFalse(follower.hasFollowerWeights());
        for (PolicyRole role : PolicyRole.values()) {
          assertEquals(scores(model, role), scores(again, role));
        }
        assertEquals(scores(model, PolicyRole.FOLLOWER), follower.logProbs(BOTH, 1));
        assertNotEquals(scores(model, PolicyRole.LEADER), scores(model, PolicyRole.FOLLOWER));
      }
    }
    Files.delete(saved.resolve("follower").resolve(AdapterFiles.TENSORS));
    assertThrows(CheckpointException.class, () -> CausalLm.load(base, saved, options));
  }

  @Test
  void nativeArraysReturnToTheirNumber() {
    try (CausalLm model = separate()) {
      useBoth(model);
      int before = model.nativeArrays();
      useBoth(model);
      assertEquals(before, model.nativeArrays());
    }
  }

  private static void useBoth(CausalLm model) {
    train(model, together());
    model.sample(prompts(), Sampling.greedy(2).withRole(PolicyRole.FOLLOWER));
    try (FrozenPolicy reference = model.reference()) {
      reference.logProbs(BOTH, 1, PolicyRole.FOLLOWER);
    }
  }
}
