package io.sgpo.judge;

import io.sgpo.contract.PreferenceModelContract;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.lm.RewardModel;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.text.TestTokenizers;
import io.sgpo.train.Interruption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract, for every judge of the package. */
class JudgeContractTest {

  private static final CausalLmOptions OPTIONS = CausalLmOptions.DEFAULT.withThreads(1);

  @TempDir private static Path folder;

  private static RewardModel reward;
  private static PairwiseJudge pairwise;

  @BeforeAll
  static void load() throws IOException {
    TestTokenizers.write(folder, TestTokenizers.CHATML, List.of(358));
    ModelConfig config = opinionated(ModelConfig.llama(400, 16, 32, 1, 2, 1));
    reward = RewardModel.create(config, folder, 5, OPTIONS);
    LabelTokens labels = new LabelTokens(List.of(Tokens.of(3 + 'A')), List.of(Tokens.of(3 + 'B')));
    pairwise =
        PairwiseJudge.of(
            CausalLm.create(config, folder, 6, OPTIONS),
            labels,
            JudgeTemplate.DEFAULT,
            BothOrders.Contradiction.AVERAGE);
  }

  /** The same with fresh weights so large that the model tells short texts apart. */
  private static ModelConfig opinionated(ModelConfig config) {
    return new ModelConfig(
        config.architecture(),
        config.vocabularySize(),
        config.hiddenSize(),
        config.intermediateSize(),
        config.layers(),
        config.heads(),
        config.keyValueHeads(),
        config.headDim(),
        config.maxPositions(),
        config.normEpsilon(),
        config.rope(),
        config.scores(),
        config.tied(),
        config.attentionBias(),
        config.feedForwardBias(),
        config.slidingWindow(),
        config.beginOfSequence(),
        config.padding(),
        config.endOfSequence(),
        0.5);
  }

  @AfterAll
  static void close() {
    reward.close();
    pairwise.close();
  }

  private static double[] lengths(List<Exchange> exchanges) {
    return exchanges.stream().mapToDouble(e -> e.response().text().length()).toArray();
  }

  /** Prefers short responses, more so to short prompts. */
  private static double brevity(Exchange exchange) {
    int length = exchange.response().text().length();
    return -length
        / (1.0 + ((Conversation) exchange.prompt()).messages().get(0).content().length());
  }

  private static double[] brevities(List<Exchange> exchanges) {
    return exchanges.stream().mapToDouble(JudgeContractTest::brevity).toArray();
  }

  @Nested
  class Reward extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      return RewardJudge.of(JudgeContractTest::brevities).temperature(0.3);
    }
  }

  @Nested
  class OfARewardModel extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      return RewardJudge.of(reward::scores);
    }
  }

  @Nested
  class Shares extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      RewardJudge longer = RewardJudge.of(JudgeContractTest::lengths);
      RewardJudge letter =
          RewardJudge.of(
              exchanges ->
                  exchanges.stream().mapToDouble(e -> e.response().text().charAt(0)).toArray());
      return Panel.of(Panel.Vote.SHARE, List.of(longer, letter, letter));
    }
  }

  @Nested
  class Means extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      return Panel.of(
          Panel.Vote.MEAN,
          List.of(
              RewardJudge.of(JudgeContractTest::brevities),
              RewardJudge.of(JudgeContractTest::lengths).temperature(3)));
    }
  }

  @Nested
  class InBothOrders extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      PreferenceModel positional =
          PreferenceModel.of(c -> Sigmoid.of(0.4 + brevity(new Exchange(c.prompt(), c.first()))));
      return comparisons -> {
        Interruption.check("judging");
        return BothOrders.of(positional, BothOrders.Contradiction.AVERAGE).compare(comparisons);
      };
    }
  }

  @Nested
  class Pairwise extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      return pairwise;
    }
  }

  @Nested
  class Cached extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      RewardJudge judge = RewardJudge.of(JudgeContractTest::brevities);
      return CachedJudge.of(judge, "test", VerdictCache.inMemory());
    }
  }

  @Nested
  class Counting extends PreferenceModelContract {
    @Override
    protected PreferenceModel judge() {
      return CountingJudge.of(RewardJudge.of(JudgeContractTest::brevities));
    }
  }
}
