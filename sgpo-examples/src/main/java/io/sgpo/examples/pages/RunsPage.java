package io.sgpo.examples.pages;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Prompt;
import io.sgpo.eval.HeldOutMeasures;
import io.sgpo.lm.CausalLm;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.Budget;
import io.sgpo.run.HeldOut;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The code of docs/runs.md. */
final class RunsPage {

  private RunsPage() {}

  /** A run that goes on where it was stopped. */
  static Alignment run(
      Path model,
      Path folder,
      List<PreferencePair> pairs,
      List<PreferencePair> heldOutPairs,
      List<Prompt> prompts)
      throws IOException {
    // begin: run
    try (CausalLm policy = CausalLm.load(model)) {
      Alignment result =
          Aligner.builder()
              .policy(policy)
              .seedPreferences(pairs)
              .prompts(prompts)
              .runDirectory(folder.resolve("run"))
              .resume(true)
              .budget(Budget.ofWallTime(Duration.ofHours(2)))
              .heldOut(HeldOut.of(HeldOutMeasures.loss(heldOutPairs, 0.1)).withPatience(3))
              .build()
              .align();
      if (result.finished()) {
        policy.save(folder.resolve("aligned"));
      }
      return result;
    }
    // end
  }
}
