package io.sgpo.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PhaseClockTest {

  @Test
  void aLapTakesTheTimeSinceTheOneBefore() {
    AtomicLong nanos = new AtomicLong(7);
    PhaseClock clock = new PhaseClock(nanos::get);
    nanos.addAndGet(2_000_000_000L);
    clock.lap("train");
    nanos.addAndGet(500_000_000L);
    clock.lap("checkpoint");
    nanos.addAndGet(1_000_000_000L);
    clock.lap("train");
    assertEquals(Map.of("train", 3.0, "checkpoint", 0.5), clock.seconds());
    assertEquals(List.of("train", "checkpoint"), List.copyOf(clock.seconds().keySet()));
  }
}
