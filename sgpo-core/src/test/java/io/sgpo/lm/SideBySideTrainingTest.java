package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Models share no state: two that train at once end as two that train one after the other. */
class SideBySideTrainingTest {

  private static final int STEPS = 40;

  private static final List<Exchange> EXCHANGES =
      List.of(exchange(3, 4, 5, 6, 7), exchange(8, 2, 9), exchange(1, 1, 2, 10));

  @Test
  void twoModelsTrainAtOnceAsTheyDoAlone() {
    List<Long> seeds = LongStream.range(1, 5).boxed().toList();
    List<List<LogProbs>> alone = seeds.stream().map(SideBySideTrainingTest::train).toList();
    List<CompletableFuture<List<LogProbs>>> running =
        seeds.stream().map(seed -> CompletableFuture.supplyAsync(() -> train(seed))).toList();
    assertEquals(alone, running.stream().map(CompletableFuture::join).toList());
  }

  private static List<LogProbs> train(long seed) {
    ModelConfig config = ModelConfig.llama(16, 16, 32, 2, 4, 2);
    CausalLmOptions oneThread = CausalLmOptions.DEFAULT.withThreads(1);
    try (CausalLm model = CausalLm.create(config, null, seed, oneThread)) {
      for (int step = 0; step < STEPS; step++) {
        model.step(batch(), Objective.supervised(), StepOptions.of(1e-2, 10));
        model.sample(List.of(TokenPrompt.of(1, 2)), Sampling.of(4, step));
      }
      return model.logProbs(EXCHANGES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<TrainingGroup> batch() {
    return EXCHANGES.stream().map(TrainingItem::of).map(TrainingGroup::of).toList();
  }

  private static Exchange exchange(int prompt, int... response) {
    return new Exchange(TokenPrompt.of(prompt), Response.ofTokens(Tokens.of(response)));
  }
}
