package io.sgpo.examples.pages;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.judge.BothOrders;
import io.sgpo.judge.CachedJudge;
import io.sgpo.judge.CountingJudge;
import io.sgpo.judge.VerdictCache;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferenceModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of docs/own-judge.md beside {@link SourceJudge}. */
final class OwnJudgePage {

  private static final Logger log = LoggerFactory.getLogger(OwnJudgePage.class);

  private OwnJudgePage() {}

  /** A judge that is a function. */
  static PreferenceModel function() {
    // begin: function
    PreferenceModel shorter =
        PreferenceModel.of(c -> c.first().text().length() < c.second().text().length() ? 0.9 : 0.1);
    PreferenceModel fair = BothOrders.of(shorter, BothOrders.Contradiction.AVERAGE);
    // end
    return fair;
  }

  /** A judge that is dear. */
  static long train(TrainablePolicy policy, List<Prompt> prompts, Path folder) throws IOException {
    PreferenceModel mine = new SourceJudge();
    // begin: train
    try (VerdictCache cache = VerdictCache.open(folder.resolve("verdicts.jsonl"))) {
      CountingJudge judge = CountingJudge.of(CachedJudge.of(mine, "sources, version 1", cache));
      Aligner.builder()
          .engine("rloo")
          .policy(policy)
          .prompts(prompts)
          .preferenceModel(judge)
          .learningRate(0.05)
          .steps(40)
          .build()
          .align();
      log.info("{} questions, {} not answered", judge.comparisons(), judge.failures());
      return judge.comparisons();
    }
    // end
  }
}
