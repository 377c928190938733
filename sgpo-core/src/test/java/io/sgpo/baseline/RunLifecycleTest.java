package io.sgpo.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.Refiner;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.StepReport;
import io.sgpo.ssapo.SaturationException;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Every run closes its reference, and an interrupt leaves the last complete step. */
class RunLifecycleTest {

  private static final TinyWorld WORLD = new TinyWorld(3);

  /** Records that references are taken and closed. */
  private final List<String> calls = new ArrayList<>();

  private TrainablePolicy recorded(TabularPolicy policy) {
    return proxy(TrainablePolicy.class, policy);
  }

  private <T> T proxy(Class<T> type, T target) {
    InvocationHandler handler =
        (self, method, arguments) -> {
          if (method.getName().equals("close")) {
            calls.add("close");
          }
          try {
            Object result = method.invoke(target, arguments);
            if (result instanceof FrozenPolicy reference) {
              calls.add("reference");
              return proxy(FrozenPolicy.class, reference);
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void theReferenceIsTakenOnceAndClosed() {
    try (TabularPolicy policy = WORLD.policy()) {
      WORLD.rounds(policy).policy(recorded(policy)).build().align();
      assertEquals(List.of("reference", "close"), calls);
    }
  }

  @Test
  void theReferenceIsClosedWhenTheRunFails() {
    try (TabularPolicy policy = WORLD.policy();
        TabularPolicy both = policy.withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      assertThrows(
          SaturationException.class,
          () -> WORLD.rounds(policy).policy(recorded(policy)).epsilon(50).build().align());
      PreferenceModel broken =
          comparisons -> {
            throw new UnsupportedOperationException("offline");
          };
      Aligner slhf =
          Aligner.builder()
              .engine("slhf")
              .policy(recorded(both))
              .prompts(TinyWorld.PROMPTS)
              .preferenceModel(broken)
              .build();
      assertThrows(UnsupportedOperationException.class, slhf::align);
      assertEquals(List.of("reference", "close", "reference", "close"), calls);
    }
  }

  @Test
  void anInterruptLeavesTheWeightsOfTheLastCompleteStep() {
    try (TabularPolicy policy = WORLD.policy();
        TabularPolicy three = WORLD.policy()) {
      Aligner aligner =
          WORLD.rounds(policy).policy(recorded(policy)).listener(interruptAfter(3)).build();
      assertThrows(CancellationException.class, aligner::align);
      assertTrue(Thread.interrupted());
      WORLD.aligner(three).engine("dpo").steps(3).build().align();
      assertEquals(TinyWorld.digest(three), TinyWorld.digest(policy));
      assertEquals(List.of("reference", "close"), calls);
    }
  }

  @Test
  void anInterruptStopsSlhf() {
    try (TabularPolicy policy = WORLD.policy().withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      Aligner aligner =
          Aligner.builder()
              .engine("slhf")
              .policy(recorded(policy))
              .prompts(TinyWorld.PROMPTS)
              .preferenceModel(TinyWorld.judge())
              .listener(interruptAfter(2))
              .build();
      assertThrows(CancellationException.class, aligner::align);
      assertTrue(Thread.interrupted());
      assertEquals(List.of("reference", "close"), calls);
    }
  }

  private static AlignmentListener interruptAfter(int steps) {
    return new AlignmentListener() {
      @Override
      public void onStep(StepReport step) {
        assertFalse(step.step() > steps);
        if (step.step() == steps) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Test
  void aListenerThatThrowsDoesNotStopARun() {
    try (TabularPolicy loud = WORLD.policy();
        TabularPolicy quiet = WORLD.policy()) {
      WORLD
          .aligner(loud)
          .engine("dpo")
          .steps(2)
          .onRound(
              round -> {
                throw new IllegalStateException("a listener's own trouble");
              })
          .build()
          .align();
      WORLD.aligner(quiet).engine("dpo").steps(2).build().align();
      assertEquals(TinyWorld.digest(quiet), TinyWorld.digest(loud));
    }
  }
}
