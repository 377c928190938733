package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sgpo.store.TinyRuns.Kind;
import io.sgpo.tensorboard.EventReader;
import io.sgpo.tensorboard.EventReader.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLogTest {

  @TempDir private Path folder;

  private static List<Event> events(Path run) throws IOException {
    return EventReader.read(Files.readAllBytes(run.resolve(EventLog.NAME)));
  }

  /** Without the times; what is flushed together may come in another order. */
  private static List<String> sorted(List<Event> events) {
    return events.stream()
        .map(
            event ->
                event.step()
                    + event.version()
                    + event.scalars()
                    + event.histograms().keySet()
                    + event.restart())
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"SSAPO", "SLHF"})
  void aRunThatIsStoppedOftenHasTheEventsOfAnUninterruptedOne(Kind kind) throws IOException {
    Path whole = folder.resolve("whole");
    TinyRuns.run(kind, whole, builder -> builder);
    Path stopped = folder.resolve("stopped");
    for (int i = 0; i < 200 && !finished(stopped); i++) {
      AtomicInteger asked = new AtomicInteger();
      TinyRuns.run(
          kind, stopped, b -> b.resume(true).cancelWhen(() -> asked.getAndIncrement() >= 2));
    }
    assertEquals(sorted(events(whole)), sorted(events(stopped)));
    List<Long> steps =
        events(stopped).stream()
            .filter(event -> event.scalars().containsKey("train/loss"))
            .map(Event::step)
            .toList();
    assertFalse(steps.isEmpty());
    for (int i = 0; i < steps.size(); i++) {
      assertEquals(i + 1, steps.get(i));
    }
    assertEquals("brain.Event:2", events(stopped).get(0).version());
  }

  private static boolean finished(Path run) throws IOException {
    Path manifest = run.resolve(RunDirectory.MANIFEST);
    return Files.exists(manifest) && Files.readString(manifest).contains("\"finished\"");
  }
}
