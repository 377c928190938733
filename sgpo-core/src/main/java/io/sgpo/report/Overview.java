package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The head of the page: what the run was, how it ended, and its last numbers. */
final class Overview {

  private Overview() {}

  static String of(RunFiles run) {
    JsonNode manifest = run.manifest();
    StringBuilder head = new StringBuilder("<header>\n<h1>Run of ");
    head.append(Html.text(manifest.path("engine").asText("an unknown engine"))).append("</h1>\n");
    head.append("<p class=\"status\">").append(Html.text(status(manifest))).append("</p>\n");
    if (manifest.has("error")) {
      head.append("<p class=\"error\"><strong>Error:</strong> ")
          .append(Html.text(manifest.path("error").asText()))
          .append("</p>\n");
    }
    head.append("<dl class=\"tiles\">\n");
    tiles(run)
        .forEach(
            (name, value) ->
                head.append("<div><dt>")
                    .append(Html.text(name))
                    .append("</dt><dd>")
                    .append(Html.text(value))
                    .append("</dd></div>\n"));
    return head.append("</dl>\n</header>\n").toString();
  }

  private static String status(JsonNode manifest) {
    String status = manifest.path("status").asText("of unknown status");
    String ending = manifest.path("ending").asText();
    String how = ending.isEmpty() || ending.equals(status) ? status : status + " (" + ending + ")";
    StringBuilder line = new StringBuilder("The run is ").append(how).append('.');
    Optional<Instant> started = instant(manifest, "started");
    Optional<Instant> ended = instant(manifest, "ended");
    started.ifPresent(at -> line.append(" Started ").append(word(at)));
    ended.ifPresent(at -> line.append(", ended ").append(word(at)));
    return started.isPresent() ? line.append('.').toString() : line.toString();
  }

  private static String word(Instant instant) {
    return instant.toString().replace('T', ' ').replaceFirst("\\..*|Z$", "") + " UTC";
  }

  private static Optional<Instant> instant(JsonNode manifest, String field) {
    try {
      return Optional.of(Instant.parse(manifest.path(field).asText()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> tiles(RunFiles run) {
    Map<String, String> tiles = new LinkedHashMap<>();
    Optional<Instant> started = instant(run.manifest(), "started");
    Optional<Instant> ended = instant(run.manifest(), "ended");
    if (started.isPresent() && ended.isPresent()) {
      tiles.put("from start to end", Numbers.word(Duration.between(started.get(), ended.get())));
    }
    tiles.put("training steps", Numbers.word(run.steps().size()));
    long rounds = run.rounds().stream().filter(r -> r.path("round").asInt() > 0).count();
    tiles.put("rounds", String.valueOf(rounds));
    double tokens = run.steps().stream().mapToDouble(s -> RunFiles.number(s, "tokens")).sum();
    tiles.put("tokens trained on", Numbers.word(tokens));
    JsonNode used = run.usage();
    if (used.has("tokens")) {
      tiles.put("tokens drawn or trained on", Numbers.word(RunFiles.number(used, "tokens")));
      tiles.put("judge calls", Numbers.word(RunFiles.number(used, "judgeCalls")));
    }
    if (run.reports("annotated"::equals)) {
      double annotated =
          run.rounds().stream().mapToDouble(round -> round.path("annotated").asDouble()).sum();
      tiles.put("pairs annotated", Numbers.word(annotated));
    }
    if (!run.steps().isEmpty()) {
      JsonNode last = run.steps().get(run.steps().size() - 1);
      tiles.put("loss of the last step", Numbers.word(RunFiles.number(last, "loss")));
    }
    if (!run.evaluations().isEmpty()) {
      JsonNode last = run.evaluations().get(run.evaluations().size() - 1);
      tiles.put(
          last.path("measure").asText() + ", last", Numbers.word(RunFiles.number(last, "value")));
    }
    return tiles;
  }
}
