package io.sgpo.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.run.Progress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PhaseTimesTest {

  @Test
  void timeGoesToThePhaseThatEndsWithTheEvent() {
    AtomicLong clock = new AtomicLong(1_000_000_000L);
    PhaseTimes times = new PhaseTimes(clock::get);
    clock.addAndGet(2_000_000_000L);
    times.onProgress(new Progress("annotate", 1, 1, 2));
    clock.addAndGet(500_000_000L);
    times.onProgress(new Progress("annotate", 1, 2, 2));
    clock.addAndGet(250_000_000L);
    times.onProgress(new Progress("train", 1, 1, 1));
    clock.addAndGet(1_000_000_000L);
    times.onProgress(new Progress("train", 2, 1, 1));
    assertEquals(Map.of("annotate", 2.5, "train", 0.25), times.seconds(1));
    assertEquals(Map.of("train", 1.0), times.seconds(2));
    assertEquals(Map.of("annotate", 2.5, "train", 1.25), times.seconds());
    assertEquals(Map.of(), times.seconds(3));
  }
}
