package io.sgpo.lm;

import static io.sgpo.lm.GoldenModel.doubles;
import static io.sgpo.lm.GoldenModel.exchange;
import static io.sgpo.lm.GoldenModel.ints;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real model that writes stories; skipped where the shared folder is absent. */
@TestInstance(Lifecycle.PER_CLASS)
class Stories260KTest {

  private GoldenModel model;
  private CausalLm policy;

  @BeforeAll
  void load() {
    model =
        GoldenModel.of(
            SharedFiles.require("models/stories260K"),
            SharedFiles.require("golden/stories260K/golden.json"));
    policy = model.load();
  }

  @AfterAll
  void close() {
    if (policy != null) {
      policy.close();
    }
  }

  @Test
  void greedyStoriesOfTextPrompts() {
    for (JsonNode row : model.golden().get("greedy")) {
      int[] expected = ints(row.get("continuation"));
      Sampling sampling = Sampling.greedy(expected.length);
      List<TextPrompt> text = List.of(new TextPrompt(row.get("prompt").textValue()));
      Sample sample = policy.sample(text, sampling).get(0).get(0);
      assertArrayEquals(expected, sample.exchange().response().tokens().toArray());
      assertEquals(row.get("sum_logprob").doubleValue(), sample.logProbs().sum(), 5e-3);
      TokenPrompt ids = TokenPrompt.of(ints(row.get("prompt_ids")));
      Sample same = policy.sample(List.of(ids), sampling).get(0).get(0);
      assertEquals(sample.exchange().response(), same.exchange().response());
    }
  }

  @Test
  void scoring() {
    for (JsonNode row : model.golden().get("scoring")) {
      Exchange exchange = exchange(ints(row.get("ids_with_bos")), 1);
      assertArrayEquals(
          doubles(row.get("token_logprobs")),
          policy.logProbs(List.of(exchange)).get(0).toArray(),
          2e-4);
    }
  }

  @Test
  void pairs() {
    for (JsonNode row : model.golden().get("pairs")) {
      TokenPrompt prompt = TokenPrompt.of(ints(row.get("prompt_ids")));
      for (String side : List.of("chosen", "rejected")) {
        Exchange exchange =
            new Exchange(prompt, Response.ofTokens(Tokens.of(ints(row.get(side + "_ids")))));
        LogProbs scores = policy.logProbs(List.of(exchange)).get(0);
        assertArrayEquals(doubles(row.get(side + "_token_logprobs")), scores.toArray(), 2e-4);
      }
    }
  }

  /** Plain descent and AdamW on the logistic loss, and AdamW on IPO. */
  @ParameterizedTest
  @CsvSource({"0, sigmoid, sgd", "1, sigmoid, adamw", "2, ipo, adamw"})
  void tenStepsOfDpo(int number, String loss, String optimizer) {
    JsonNode run = model.golden().get("dpo_training").get(number);
    assertEquals(loss, run.get("loss_type").textValue());
    assertEquals(optimizer, run.get("optimizer").textValue());
    try (CausalLm trained = model.load()) {
      Dpo pairs = dpo(run.get("beta").doubleValue());
      Objective objective = loss.equals("ipo") ? ipo(pairs) : pairs;
      StepOptions options = StepOptions.of(0, pairs.batch().size());
      double norm = run.get("first_total_grad_norm").doubleValue();
      StepResult first = trained.step(pairs.batch(), objective, options);
      assertEquals(norm, first.gradientNorm(), 1e-3 * norm);
      if (optimizer.equals("sgd")) {
        Trajectories.assertSgd(trained, pairs.batch(), objective, options, run);
      } else {
        Trajectories.assertAdamW(trained, pairs.batch(), objective, options, run);
      }
    }
  }

  /** (margin per token − 1 / 2β)², as TRL divides each log-ratio by its response's tokens. */
  private Objective.Separable ipo(Dpo pairs) {
    return (group, scores) -> {
      List<TrainingItem> items = pairs.batch().get(group).items();
      List<LogProbs> references =
          policy.logProbs(items.stream().map(TrainingItem::exchange).toList());
      int better = scores.get(0).size();
      int worse = scores.get(1).size();
      double margin =
          (scores.get(0).sum() - references.get(0).sum()) / better
              - (scores.get(1).sum() - references.get(1).sum()) / worse;
      double error = margin - 1 / (2 * pairs.beta());
      return GroupGradient.ofSequences(error * error, 2 * error / better, -2 * error / worse);
    };
  }

  @Test
  void savedWithItsTokenizer(@TempDir Path directory) throws IOException {
    Path saved = directory.resolve("saved");
    policy.save(saved);
    assertTrue(Files.exists(saved.resolve("tokenizer.json")));
    try (CausalLm again = CausalLm.load(saved, GoldenModel.OPTIONS)) {
      List<TextPrompt> prompts = List.of(new TextPrompt("Once upon a time"));
      Sampling sampling = Sampling.of(20, 3).withSamplesPerPrompt(3);
      assertEquals(policy.sample(prompts, sampling), again.sample(prompts, sampling));
    }
  }

  /** All pairs; the reference is the model as it was published. */
  private Dpo dpo(double beta) {
    List<TrainingGroup> batch = new ArrayList<>();
    List<Double> references = new ArrayList<>();
    for (JsonNode row : model.golden().get("pairs")) {
      int[] prompt = ints(row.get("prompt_ids"));
      TrainingItem chosen = item(prompt, ints(row.get("chosen_ids")));
      TrainingItem rejected = item(prompt, ints(row.get("rejected_ids")));
      batch.add(TrainingGroup.of(chosen, rejected));
      List<LogProbs> scores = policy.logProbs(List.of(chosen.exchange(), rejected.exchange()));
      references.add(scores.get(0).sum() - scores.get(1).sum());
    }
    return new Dpo(beta, batch, references);
  }

  private static TrainingItem item(int[] prompt, int[] response) {
    return TrainingItem.of(
        new Exchange(TokenPrompt.of(prompt), Response.ofTokens(Tokens.of(response))));
  }
}
