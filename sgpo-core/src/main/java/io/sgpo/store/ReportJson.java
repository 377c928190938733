package io.sgpo.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.data.Prompts;
import io.sgpo.run.AnswerReport;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import java.io.IOException;
import java.util.Locale;

/** Reports as lines of a run directory. */
final class ReportJson {

  private ReportJson() {}

  static ObjectNode of(GapReport report) {
    ObjectNode line =
        Json.object()
            .put("round", report.round())
            .put("moment", report.moment().name().toLowerCase(Locale.ROOT))
            .put("pairs", report.pairs());
    ArrayNode percentiles = line.putArray("percentiles");
    report.percentiles().forEach(percentiles::add);
    ArrayNode weights = line.putArray("weights");
    report.weights().forEach(pair -> weights.addArray().add(pair.gap()).add(pair.weight()));
    return line;
  }

  static ObjectNode of(AnswerReport report) throws IOException {
    ObjectNode line = (ObjectNode) Json.MAPPER.readTree(Prompts.toLine(report.prompt()));
    line.put("round", report.round());
    ArrayNode answers = line.putArray("answers");
    for (AnswerReport.Answer answer : report.answers()) {
      ObjectNode written =
          answers
              .addObject()
              .put("player", answer.player())
              .put("text", answer.response().text())
              .put("score", answer.score());
      ArrayNode ids = written.putArray("ids");
      answer.response().tokens().stream().forEach(ids::add);
    }
    return line;
  }

  static ObjectNode of(EvaluationReport report) {
    ObjectNode line =
        Json.object()
            .put("step", report.step())
            .put("measure", report.measure())
            .put("value", report.value());
    if (!Double.isNaN(report.lower())) {
      line.put("lower", report.lower()).put("upper", report.upper());
    }
    line.put("best", report.best());
    if (!report.others().values().isEmpty()) {
      ObjectNode others = line.putObject("others");
      report.others().values().forEach((metric, value) -> others.put(metric.name(), value));
    }
    return line;
  }
}
