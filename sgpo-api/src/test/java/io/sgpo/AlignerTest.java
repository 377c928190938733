package io.sgpo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.run.RoundReport;
import io.sgpo.spi.AlignmentEngine;
import io.sgpo.spi.StandardOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AlignerTest {

  private static final Option<Double> DEPTH =
      Option.of("depth", Double.class, "must be >= 0", value -> value >= 0);

  /** An engine of someone else's: one round, the options it was given kept for inspection. */
  private static final class Recorder implements AlignmentEngine {
    private Options seen = Options.none();

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public Set<Option<?>> options() {
      return Set.of(DEPTH, StandardOptions.EPSILON, StandardOptions.TANGENTS);
    }

    @Override
    public Run prepare(Options options, AlignmentListener listener) {
      seen = options;
      return () -> {
        RoundReport round = new RoundReport(1, new MetricValues(Map.of()), List.of());
        listener.onRound(round);
        listener.onWarning("careful");
        return new Alignment(name(), List.of(round));
      };
    }
  }

  @Test
  void theLineOfTheReadmeCompiles() {
    assertNotNull(Aligner.builder().epsilon(0.01).tangents(6));
  }

  @Test
  void optionsReachTheEngineOfSomeoneElse() {
    Recorder engine = new Recorder();
    Alignment result =
        Aligner.builder()
            .engine(engine)
            .epsilon(0.01)
            .tangents(6)
            .option(DEPTH, 2.5)
            .build()
            .align();
    assertEquals("recorder", result.engine());
    assertEquals(1, result.lastRound().round());
    assertEquals(0.01, engine.seen.require(StandardOptions.EPSILON));
    assertEquals(6, engine.seen.require(StandardOptions.TANGENTS));
    assertEquals(2.5, engine.seen.require(DEPTH));
  }

  @Test
  void anOptionTheEngineDoesNotReadIsRefusedByName() {
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class,
            () -> Aligner.builder().engine(new Recorder()).rounds(3).build());
    assertEquals("engine recorder does not read the option rounds", refusal.getMessage());
  }

  @Test
  void anUnknownEngineIsRefusedByName() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> Aligner.builder().engine("magic").build());
    assertTrue(refusal.getMessage().contains("\"magic\""), refusal.getMessage());
  }

  @Test
  void aValueOutsideItsDomainIsRefusedAtOnce() {
    Aligner.Builder builder = Aligner.builder();
    assertEquals(
        "epsilon must be >= 0, but was -0.1",
        assertThrows(IllegalArgumentException.class, () -> builder.epsilon(-0.1)).getMessage());
    assertEquals(
        "epsilon must be >= 0, but was NaN",
        assertThrows(IllegalArgumentException.class, () -> builder.epsilon(Double.NaN))
            .getMessage());
    assertEquals(
        "relativeRadius must be in [0, 1), but was 1.0",
        assertThrows(IllegalArgumentException.class, () -> builder.relativeRadius(1)).getMessage());
    assertEquals(
        "tangents must be >= 1, but was 0",
        assertThrows(IllegalArgumentException.class, () -> builder.tangents(0)).getMessage());
    assertEquals(
        "beta must be finite and > 0, but was Infinity",
        assertThrows(IllegalArgumentException.class, () -> builder.beta(Double.POSITIVE_INFINITY))
            .getMessage());
    assertEquals(
        "depth must be >= 0, but was -1.0",
        assertThrows(IllegalArgumentException.class, () -> builder.option(DEPTH, -1.0))
            .getMessage());
  }

  @Test
  void aListenerThatThrowsDoesNotStopTheRun() {
    List<Object> heard = new ArrayList<>();
    Aligner.builder()
        .engine(new Recorder())
        .onRound(
            round -> {
              throw new IllegalStateException("of a test");
            })
        .onRound(heard::add)
        .listener(
            new AlignmentListener() {
              @Override
              public void onWarning(String message) {
                heard.add(message);
              }
            })
        .build()
        .align();
    assertEquals(2, heard.size());
    assertEquals("careful", heard.get(1));
  }

  @Test
  void anErrorOfAListenerStopsTheRun() {
    Aligner aligner =
        Aligner.builder()
            .engine(new Recorder())
            .onRound(
                round -> {
                  throw new AssertionError("of a test");
                })
            .build();
    assertEquals("of a test", assertThrows(AssertionError.class, aligner::align).getMessage());
  }

  @Test
  void aMissingOptionIsNamed() {
    assertEquals(
        "depth must be set for this engine",
        assertThrows(IllegalStateException.class, () -> Options.none().require(DEPTH))
            .getMessage());
  }
}
