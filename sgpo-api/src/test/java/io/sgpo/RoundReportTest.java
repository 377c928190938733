package io.sgpo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sgpo.dialogue.Conversation;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.MetricValues;
import io.sgpo.run.Metrics;
import io.sgpo.run.RoundReport;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RoundReportTest {

  @Test
  void aReportPrintsItsMetricsAndNoText() {
    PreferencePair pair = PreferencePair.of(Conversation.user("private"), "secret", "hidden");
    RoundReport report =
        new RoundReport(
            2,
            new MetricValues(Map.of(Metrics.PAIRS, 3.0)),
            List.of(new AnnotatedPair(2, pair, 0.5)));
    assertEquals("round 2 with 1 annotations {pairs=3.0}", report.toString());
  }

  @Test
  void whatWasNotMeasuredIsEmpty() {
    MetricValues values = new MetricValues(Map.of(Metrics.PAIRS, 3.0));
    assertEquals(OptionalDouble.of(3), values.get(Metrics.PAIRS));
    assertEquals(OptionalDouble.empty(), values.get(Metrics.LOSS));
  }
}
