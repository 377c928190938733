package io.sgpo.tabular;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table for the leader and one for the follower. */
class RoleTablesTest {

  private static final Prompt PROMPT = Conversation.user("x");
  private static final StepOptions STEP = StepOptions.of(0.1, 1);

  @TempDir private Path directory;

  private static TabularPolicy separate() {
    return TabularPolicy.uniform(List.of(PROMPT), List.of("a", "b", "c")).withFollowerWeights();
  }

  private static void train(TabularPolicy policy, StepOptions options, PolicyRole... roles) {
    List<TrainingItem> items =
        List.of(roles).stream()
            .map(role -> new TrainingItem(new Exchange(PROMPT, Response.of("b")), role))
            .toList();
    policy.step(List.of(new TrainingGroup(items)), Objective.supervised(), options);
  }

  private static double[] probabilities(TabularPolicy policy, PolicyRole role) {
    return policy.probabilities(PROMPT, role);
  }

  @Test
  void aRolesItemsTrainItsTableOnly() {
    try (TabularPolicy policy = separate()) {
      assertTrue(policy.hasFollowerWeights());
      train(policy, STEP, PolicyRole.FOLLOWER);
      double[] uniform = {1 / 3.0, 1 / 3.0, 1 / 3.0};
      assertArrayEquals(uniform, policy.probabilities(PROMPT), 1e-15);
      assertTrue(probabilities(policy, PolicyRole.FOLLOWER)[1] > 0.35);
      Exchange b = new Exchange(PROMPT, Response.of("b"));
      assertEquals(
          Math.log(probabilities(policy, PolicyRole.FOLLOWER)[1]),
          policy.logProbs(List.of(b), 1, PolicyRole.FOLLOWER).get(0).sum(),
          1e-12);
      assertEquals(Math.log(1 / 3.0), policy.logProbs(List.of(b)).get(0).sum(), 1e-12);
      Sampling greedy = Sampling.greedy(1);
      assertEquals("b", drawn(policy, greedy.withRole(PolicyRole.FOLLOWER)));
      assertEquals("a", drawn(policy, greedy));
    }
    try (TabularPolicy shared = TabularPolicy.uniform(List.of(PROMPT), List.of("a", "b"))) {
      assertFalse(shared.hasFollowerWeights());
      train(shared, STEP, PolicyRole.FOLLOWER);
      assertTrue(shared.probabilities(PROMPT)[1] > 0.5);
    }
  }

  private static String drawn(TabularPolicy policy, Sampling sampling) {
    return policy.sample(List.of(PROMPT), sampling).get(0).get(0).exchange().response().text();
  }

  /** AdamW's first step is the rate in every coordinate. */
  @Test
  void theFollowersRateIsItsOwn() {
    try (TabularPolicy policy = separate()) {
      train(policy, STEP.withFollowerRate(3), PolicyRole.LEADER, PolicyRole.FOLLOWER);
      double[] leader = probabilities(policy, PolicyRole.LEADER);
      double[] follower = probabilities(policy, PolicyRole.FOLLOWER);
      assertEquals(0.2, Math.log(leader[1] / leader[0]), 1e-6);
      assertEquals(0.6, Math.log(follower[1] / follower[0]), 1e-6);
    }
  }

  @Test
  void referencesKeepBoth() {
    try (TabularPolicy policy = separate();
        FrozenPolicy start = policy.reference()) {
      train(policy, STEP, PolicyRole.FOLLOWER);
      Exchange b = new Exchange(PROMPT, Response.of("b"));
      try (FrozenPolicy frozen = policy.reference()) {
        assertNotEquals(start.digest(), frozen.digest());
        for (PolicyRole role : PolicyRole.values()) {
          assertEquals(policy.logProbs(List.of(b), 1, role), frozen.logProbs(List.of(b), 1, role));
        }
        Sampling follower = Sampling.greedy(1).withRole(PolicyRole.FOLLOWER);
        assertEquals(
            "b",
            policy
                .sampleMixture(List.of(PROMPT), follower, frozen, 0.5)
                .get(0)
                .get(0)
                .exchange()
                .response()
                .text());
      }
    }
  }

  @Test
  void bothAreCapturedAndSaved() throws IOException {
    Path state = directory.resolve("state");
    Path saved = directory.resolve("saved");
    try (TabularPolicy one = separate();
        TabularPolicy other = separate();
        TabularPolicy shared = TabularPolicy.uniform(List.of(PROMPT), List.of("a", "b", "c"))) {
      train(one, STEP, PolicyRole.FOLLOWER);
      one.captureState(state);
      one.save(saved);
      other.restoreState(state);
      try (TabularPolicy loaded = TabularPolicy.load(saved)) {
        assertArrayEquals(
            probabilities(one, PolicyRole.FOLLOWER), probabilities(loaded, PolicyRole.FOLLOWER));
      }
      train(one, STEP, PolicyRole.LEADER, PolicyRole.FOLLOWER);
      train(other, STEP, PolicyRole.LEADER, PolicyRole.FOLLOWER);
      for (PolicyRole role : PolicyRole.values()) {
        assertArrayEquals(probabilities(one, role), probabilities(other, role));
      }
      IOException refusal = assertThrows(IOException.class, () -> shared.restoreState(state));
      assertTrue(String.valueOf(refusal.getMessage()).contains("the number of tables must be 1"));
    }
  }
}
