package io.sgpo.examples.quickstart;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.dialogue.Response;
import io.sgpo.examples.cli.Versions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every number of a run as the fields of one JSON object. */
final class JsonReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonReport() {}

  /** Writes the fields into an object that is open. */
  static void write(Results results, JsonGenerator json) throws IOException {
    for (Map.Entry<String, Object> field : fields(results).entrySet()) {
      json.writeFieldName(field.getKey());
      JSON.writeValue(json, field.getValue());
    }
  }

  private static Map<String, Object> fields(Results results) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("program", "sgpo quickstart");
    fields.put("versions", versions());
    fields.put("processors", Runtime.getRuntime().availableProcessors());
    fields.put("settings", results.settings());
    fields.put("seconds", results.seconds());
    fields.put("pretraining", pretraining(results));
    fields.put("methods", methods());
    fields.put("trials", results.trials().stream().map(JsonReport::trial).toList());
    fields.put("truePreference", findings(Findings.contest(results.trials())));
    fields.put("cyclicPreference", findings(Findings.game(results.trials())));
    return fields;
  }

  private static Map<String, Object> versions() {
    Map<String, Object> versions = new LinkedHashMap<>();
    Versions built = new Versions();
    versions.put("sgpo", built.sgpo());
    versions.put("engine", built.engine());
    versions.put("java", Versions.jvm());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return versions;
  }

  private static Map<String, Object> pretraining(Results results) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seconds", results.pretrainingSeconds());
    fields.put("corpusScore", results.corpusScore());
    fields.put("lossPerWord", results.pretrainingLoss());
    return fields;
  }

  private static Map<String, String> methods() {
    Map<String, String> methods = new LinkedHashMap<>();
    Contender.all().forEach(method -> methods.put(method.name(), method.description()));
    return methods;
  }

  private static Map<String, Object> trial(TrialResult trial) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seed", trial.seed());
    fields.put("seedPairs", trial.pairs());
    fields.put("flippedLabels", trial.flips());
    fields.put("start", trial.start());
    fields.put("contenders", trial.contenders());
    fields.put("startGame", trial.startGame());
    fields.put(Contest.GAME, trial.game());
    fields.put("chain", chain(trial));
    fields.put("seconds", trial.seconds());
    return fields;
  }

  private static Map<String, Object> chain(TrialResult trial) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("request", Request.of(trial.chain().prompt()).text());
    fields.put("answers", trial.chain().answers().stream().map(Response::text).toList());
    return fields;
  }

  private static List<Map<String, Object>> findings(List<Finding> findings) {
    return findings.stream().map(JsonReport::finding).toList();
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("first", finding.first());
    fields.put("second", finding.second());
    fields.put("winRateDifference", finding.difference());
    fields.put("sentence", finding.sentence());
    return fields;
  }
}
