package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Policy;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Budget;
import io.sgpo.run.Ending;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.HeldOut;
import io.sgpo.run.Measure;
import io.sgpo.run.StepReport;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.store.TinyRuns.Left;
import io.sgpo.tabular.TabularPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stops a run, and that it can go on. */
class StopsTest {

  @TempDir private Path folder;

  private Alignment align(UnaryOperator<Aligner.Builder> options) {
    try (TabularPolicy policy = Kind.SLHF.policy()) {
      return options
          .apply(Kind.SLHF.builder(policy).runDirectory(folder.resolve("run")).resume(true))
          .build()
          .align();
    }
  }

  @Test
  void budgetsEndARunThatThenGoesOn() {
    Left whole = TinyRuns.run(Kind.SLHF, folder.resolve("whole"), b -> b);
    Alignment steps = align(b -> b.budget(Budget.ofSteps(3)));
    assertEquals(Ending.STEP_BUDGET, steps.ending());
    assertEquals(3, steps.used().steps());
    Alignment again = align(b -> b.budget(Budget.ofSteps(3)));
    assertEquals(3, again.used().steps());
    long tokens = steps.used().tokens();
    Alignment more = align(b -> b.budget(Budget.ofTokens(tokens + 1)));
    assertEquals(Ending.TOKEN_BUDGET, more.ending());
    assertEquals(4, more.used().steps());
    long calls = more.used().judgeCalls();
    // steps of 5, 5 and 2 prompts, a comparison each
    assertEquals(5 + 5 + 2 + 5, calls);
    Alignment judged = align(b -> b.budget(Budget.ofJudgeCalls(calls + 6)));
    assertEquals(Ending.JUDGE_BUDGET, judged.ending());
    assertEquals(6, judged.used().steps());
    Alignment time = align(b -> b.budget(Budget.ofWallTime(Duration.ofNanos(1))));
    assertEquals(Ending.TIME_BUDGET, time.ending());
    assertEquals(whole, TinyRuns.run(Kind.SLHF, folder.resolve("run"), b -> b.resume(true)));
  }

  @Test
  void anInterruptEndsInACheckpoint() {
    Left whole = TinyRuns.run(Kind.SLHF, folder.resolve("whole"), b -> b);
    AlignmentListener interrupter =
        new AlignmentListener() {
          @Override
          public void onStep(StepReport step) {
            Thread.currentThread().interrupt();
          }
        };
    for (int i = 0; i < 5; i++) {
      assertThrows(CancellationException.class, () -> align(b -> b.listener(interrupter)));
      assertTrue(Thread.interrupted());
    }
    Alignment stopped = align(b -> b.cancelWhen(() -> true));
    assertEquals(Ending.CANCELLED, stopped.ending());
    assertEquals(5, stopped.used().steps());
    assertEquals(whole, TinyRuns.run(Kind.SLHF, folder.resolve("run"), b -> b.resume(true)));
  }

  /** Best after the second measure. */
  private static Measure tent(List<String> digests) {
    return new Measure() {
      @Override
      public String name() {
        return "tent";
      }

      @Override
      public boolean higherIsBetter() {
        return true;
      }

      @Override
      public double of(Policy policy, FrozenPolicy start) {
        digests.add(TinyWorld.digest((TabularPolicy) policy));
        return -Math.abs(digests.size() - 2.0);
      }
    };
  }

  @Test
  void anEarlyStopBringsTheBestPolicyBack() {
    for (boolean stored : new boolean[] {true, false}) {
      List<String> digests = new ArrayList<>();
      List<EvaluationReport> heard = new ArrayList<>();
      try (TabularPolicy policy = Kind.SLHF.policy()) {
        Aligner.Builder builder =
            Kind.SLHF
                .builder(policy)
                .heldOut(HeldOut.of(tent(digests)).withEverySteps(2).withPatience(3))
                .listener(
                    new AlignmentListener() {
                      @Override
                      public void onEvaluation(EvaluationReport evaluation) {
                        heard.add(evaluation);
                      }
                    });
        Alignment result =
            (stored ? builder.runDirectory(folder.resolve("early")) : builder).build().align();
        assertEquals(Ending.EARLY_STOP, result.ending());
        assertEquals(8, result.used().steps());
        assertEquals(List.of(0L, 2L, 4L, 6L, 8L), heard.stream().map(e -> e.step()).toList());
        assertEquals(heard, result.evaluations());
        assertEquals(2, result.best().orElseThrow().step());
        assertEquals(digests.get(1), TinyWorld.digest(policy));
      }
    }
  }
}
