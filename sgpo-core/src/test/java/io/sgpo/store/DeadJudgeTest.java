package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.baseline.RlooEngine;
import io.sgpo.baseline.RlooReward;
import io.sgpo.dialogue.Exchange;
import io.sgpo.eval.HeldOutMeasures;
import io.sgpo.judge.RewardFunction;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.HeldOut;
import io.sgpo.run.JudgeFailedException;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.store.TinyRuns.Left;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A judge that is down ends a run, which goes on once it is back as if it had not been. */
class DeadJudgeTest {

  @TempDir private Path folder;

  private static AlignmentListener warnings(List<String> into) {
    return new AlignmentListener() {
      @Override
      public void onWarning(String message) {
        into.add(message);
      }
    };
  }

  private Left run(Kind kind, String name, UnaryOperator<Aligner.Builder> more) {
    return TinyRuns.run(kind, folder.resolve(name), b -> more.apply(b.resume(true)));
  }

  @ParameterizedTest
  @EnumSource(names = {"ITERATIVE_DPO", "SLHF", "RLOO", "NASH_MD"})
  void aRunThatAnOutageEndedGoesOnToTheSameBytes(Kind kind) throws IOException {
    SwitchedJudge up = SwitchedJudge.up();
    Left whole = run(kind, "whole", b -> b.preferenceModel(up));
    assertTrue(up.calls() > 1);
    for (int first : new int[] {0, up.calls() - 1}) {
      String name = "from-" + first;
      SwitchedJudge dying = new SwitchedJudge(call -> call >= first);
      List<String> told = new ArrayList<>();
      JudgeFailedException failure =
          assertThrows(
              JudgeFailedException.class,
              () -> run(kind, name, b -> b.preferenceModel(dying).listener(warnings(told))));
      assertEquals("outage " + first, failure.reason());
      assertEquals(first + 3, dying.calls());
      List<String> outages = told.stream().filter(text -> text.contains("outage")).toList();
      assertEquals(3, outages.size(), told::toString);
      assertTrue(outages.get(2).contains("outage " + (first + 2)), outages.get(2));
      String manifest = Files.readString(folder.resolve(name).resolve("manifest.json"));
      assertTrue(manifest.contains("\"failed\""), manifest);
      assertTrue(manifest.contains("outage " + first), manifest);
      assertEquals(whole, run(kind, name, b -> b.preferenceModel(SwitchedJudge.up())), name);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ITERATIVE_DPO", "SLHF"})
  void aShortOutageChangesNothing(Kind kind) {
    Left whole = run(kind, "whole", b -> b.preferenceModel(SwitchedJudge.up()));
    SwitchedJudge blinking = new SwitchedJudge(call -> call == 1 || call == 2);
    assertEquals(whole, run(kind, "short", b -> b.preferenceModel(blinking)));
  }

  @Test
  void aJudgeThatAbstainsIsNotDown() {
    List<String> told = new ArrayList<>();
    PreferenceModel unsure =
        comparisons -> Collections.nCopies(comparisons.size(), new Verdict.Abstention("unsure"));
    try (TabularPolicy policy = Kind.SLHF.policy()) {
      Alignment result =
          Kind.SLHF
              .builder(policy)
              .preferenceModel(unsure)
              .listener(warnings(told))
              .build()
              .align();
      assertTrue(result.finished());
      assertEquals(0, result.used().steps());
      assertTrue(result.used().judgeCalls() > 0);
    }
    assertTrue(told.get(0).contains("declined 5 of 5"), told::toString);
    assertTrue(told.get(0).contains("unsure"), told::toString);
    assertTrue(told.get(1).contains("1 steps were skipped"), told::toString);
  }

  @Test
  void failuresAmongAnswersAreToldOnceARound() {
    List<String> told = new ArrayList<>();
    PreferenceModel partly =
        comparisons -> {
          List<Verdict> verdicts = new ArrayList<>(TinyWorld.judge().compare(comparisons));
          verdicts.set(1, new Verdict.Failure("status 500"));
          return verdicts;
        };
    try (TabularPolicy policy = Kind.SLHF.policy()) {
      Aligner.Builder builder = Kind.SLHF.builder(policy).steps(20).preferenceModel(partly);
      Alignment result = builder.listener(warnings(told)).build().align();
      assertEquals(10, result.rounds().size());
    }
    assertEquals(10, told.stream().filter(text -> text.contains("status 500")).count());
    assertTrue(told.stream().anyMatch(text -> text.contains("failed at 1 of 5 comparisons")));
  }

  private static HeldOut wins(PreferenceModel judge) {
    return HeldOut.of(HeldOutMeasures.winRate(TinyWorld.PROMPTS, judge, Sampling.of(4, 11)))
        .withEverySteps(3);
  }

  @Test
  void anOutageAtAHeldOutMeasureEndsTheRunInACheckpoint() {
    Left whole = run(Kind.DPO, "whole", b -> b.heldOut(wins(SwitchedJudge.up())));
    assertTrue(whole.files().get("evaluations.jsonl").lines().count() > 3);
    for (int first : new int[] {0, 2}) {
      String name = "from-" + first;
      SwitchedJudge dying = new SwitchedJudge(call -> call >= first);
      assertThrows(
          JudgeFailedException.class, () -> run(Kind.DPO, name, b -> b.heldOut(wins(dying))));
      assertEquals(whole, run(Kind.DPO, name, b -> b.heldOut(wins(SwitchedJudge.up()))), name);
    }
  }

  @Test
  void aMeasureThatTheJudgeDecidesNothingOfHasNoValue() {
    List<String> told = new ArrayList<>();
    PreferenceModel unsure =
        comparisons -> Collections.nCopies(comparisons.size(), new Verdict.Abstention("unsure"));
    try (TabularPolicy policy = Kind.DPO.policy()) {
      Alignment result =
          Kind.DPO
              .builder(policy)
              .heldOut(wins(unsure).withPatience(1))
              .listener(warnings(told))
              .build()
              .align();
      assertTrue(result.finished());
      assertEquals(List.of(), result.evaluations());
      assertEquals(12L * told.size(), result.used().judgeCalls());
    }
    assertTrue(
        told.get(0).contains("held-out.win-rate at step 0: the judge decided none of the 12"),
        told::toString);
  }

  /** Judges and scores; the scores are never finite. */
  private static final class Broken implements PreferenceModel, RewardFunction {
    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
      return TinyWorld.judge().compare(comparisons);
    }

    @Override
    public double[] scores(List<Exchange> exchanges) {
      double[] scores = new double[exchanges.size()];
      Arrays.fill(scores, Double.NaN);
      return scores;
    }
  }

  @Test
  void rewardsOfWhichNoneIsFiniteEndTheRun() {
    JudgeFailedException failure =
        assertThrows(
            JudgeFailedException.class,
            () ->
                run(
                    Kind.RLOO,
                    "rewards",
                    b ->
                        b.preferenceModel(new Broken())
                            .option(RlooEngine.REWARD, RlooReward.SCALAR)));
    assertEquals("a reward must be finite, but was NaN", failure.reason());
    assertTrue(Files.exists(folder.resolve("rewards").resolve("checkpoints")));
  }
}
