package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.eval.HeldOutMeasures;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Policy;
import io.sgpo.policy.Sampling;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Budget;
import io.sgpo.run.Ending;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Measure;
import io.sgpo.run.RunRefusedException;
import io.sgpo.run.Usage;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.tabular.TabularPolicy;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a held-out measure leaves for the part of the run that goes on. */
class HeldOutResumeTest {

  private static final Budget THREE = Budget.ofSteps(3);

  @TempDir private Path folder;

  private record Result(Alignment alignment, String weights) {}

  private Result dpo(String name, UnaryOperator<Aligner.Builder> more) {
    try (TabularPolicy policy = Kind.DPO.policy()) {
      Aligner.Builder builder =
          Kind.DPO.builder(policy).runDirectory(folder.resolve(name)).resume(true);
      Alignment alignment = more.apply(builder).build().align();
      return new Result(alignment, TinyWorld.digest(policy));
    }
  }

  /** Best at the start, and after a step lower by one each. */
  private static Measure falling(String name, boolean higherIsBetter) {
    return new Measure() {
      private int measured;

      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean higherIsBetter() {
        return higherIsBetter;
      }

      @Override
      public double of(Policy policy, FrozenPolicy start) {
        return higherIsBetter ? -measured++ : measured++;
      }
    };
  }

  private static HeldOut everyStep(Measure measure) {
    return HeldOut.of(measure).withEverySteps(1);
  }

  @Test
  void anotherMeasureIsRefused() throws IOException {
    UnaryOperator<Aligner.Builder> first =
        b -> b.heldOut(HeldOutMeasures.loss(TinyRuns.WORLD.seeds(), 0.1)).budget(THREE);
    dpo("run", first);
    String manifest = Files.readString(folder.resolve("run/manifest.json"));
    assertTrue(manifest.contains("held-out.loss"), manifest);
    assertTrue(manifest.contains("36 of sha256"), manifest);
    refused(HeldOutMeasures.accuracy(TinyRuns.WORLD.seeds()), "held-out.loss", "held-out.accuracy");
    refused(
        HeldOutMeasures.loss(TinyRuns.WORLD.seeds().subList(1, 36), 0.1), "heldOut.pairs", "35 of");
    refused(HeldOutMeasures.loss(TinyRuns.WORLD.seeds(), 0.2), "heldOut.beta was 0.1 and is 0.2");
    assertEquals(manifest, Files.readString(folder.resolve("run/manifest.json")));
    assertEquals(3, dpo("run", first).alignment().used().steps());
  }

  private void refused(Measure measure, String... parts) {
    Refusals.assertNames(
        RunRefusedException.class, () -> dpo("run", b -> b.heldOut(measure)), parts);
  }

  @Test
  void theOtherDirectionIsRefused() {
    dpo("run", b -> b.heldOut(everyStep(falling("own", true))).budget(THREE));
    refused(falling("own", false), "heldOut.higherIsBetter was true and is false");
  }

  @Test
  void withoutAMeasureTheLastPolicyIsLeft() {
    String last = dpo("plain", b -> b).weights();
    UnaryOperator<Aligner.Builder> measured =
        b -> b.heldOut(everyStep(falling("own", true))).budget(THREE);
    String start = dpo("run", measured).weights();
    assertNotEquals(last, start, "the best is the one at the start");
    assertEquals(last, dpo("run", b -> b).weights());
    dpo("kept", measured);
    Result unkept =
        dpo("kept", b -> b.heldOut(everyStep(falling("own", true)).withKeepBest(false)));
    assertEquals(last, unkept.weights());
  }

  @Test
  void aPartWithoutAMeasureLosesNothing() {
    UnaryOperator<Aligner.Builder> measured =
        b -> b.heldOut(everyStep(TinyRuns.chosen())).budget(THREE);
    dpo("run", measured);
    dpo("run", b -> b.budget(Budget.ofSteps(4)));
    Result whole = dpo("whole", b -> b.heldOut(everyStep(TinyRuns.chosen())));
    Result left = dpo("run", b -> b.heldOut(everyStep(TinyRuns.chosen())));
    assertEquals(whole.alignment().best(), left.alignment().best());
    assertEquals(whole.weights(), left.weights());
    refused(falling("own", true), "chosen", "own");
  }

  @Test
  void aMeasureThatComesLaterMeasuresAtOnce() {
    dpo("run", b -> b.budget(THREE));
    Result later =
        dpo("run", b -> b.heldOut(everyStep(TinyRuns.chosen())).budget(Budget.ofSteps(4)));
    assertEquals(
        List.of(3L, 4L), later.alignment().evaluations().stream().map(e -> e.step()).toList());
  }

  @Test
  void aBestPolicyThatWasNotKeptIsTold() {
    dpo("run", b -> b.heldOut(everyStep(falling("own", true)).withKeepBest(false)).budget(THREE));
    List<String> told = new ArrayList<>();
    AlignmentListener listener =
        new AlignmentListener() {
          @Override
          public void onWarning(String message) {
            told.add(message);
          }
        };
    Measure worse =
        new Measure() {
          @Override
          public String name() {
            return "own";
          }

          @Override
          public boolean higherIsBetter() {
            return true;
          }

          @Override
          public double of(Policy policy, FrozenPolicy start) {
            return -100;
          }
        };
    dpo("run", b -> b.heldOut(everyStep(worse)).listener(listener));
    assertTrue(told.toString().contains("the best own, 0.0, was measured"), told::toString);
  }

  private static HeldOut wins() {
    return HeldOut.of(
            HeldOutMeasures.winRate(TinyWorld.PROMPTS, SwitchedJudge.up(), Sampling.of(4, 11)))
        .withEverySteps(3);
  }

  @Test
  void answersAndComparisonsCountOnceWhereverTheRunIsStopped() {
    Result whole = dpo("whole", b -> b.heldOut(wins()));
    long steps = whole.alignment().used().steps();
    int measures = whole.alignment().evaluations().size();
    assertEquals(1 + steps / 3, measures);
    long trained = dpo("plain", b -> b).alignment().used().tokens();
    // an answer of a table is one token; 12 answers at the start, and 12 at every measure
    assertEquals(
        new Usage(steps, trained + 12 + 12L * measures, 12L * measures), whole.alignment().used());
    dpo("run", b -> b.heldOut(wins()).budget(THREE));
    assertEquals(whole, dpo("run", b -> b.heldOut(wins())));
    Alignment judged =
        dpo("judged", b -> b.heldOut(wins()).budget(Budget.ofJudgeCalls(20))).alignment();
    assertEquals(Ending.JUDGE_BUDGET, judged.ending());
    assertEquals(24, judged.used().judgeCalls());
    assertEquals(3, judged.used().steps());
  }
}
