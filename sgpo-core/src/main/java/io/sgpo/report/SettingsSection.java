package io.sgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The section on what the run was made with: all of its manifest but how it went. */
final class SettingsSection {

  private static final Set<String> TOLD_ABOVE =
      Set.of("format", "status", "ending", "error", "started", "ended", "engine");

  private SettingsSection() {}

  static Section of(RunFiles run) {
    StringBuilder body = new StringBuilder();
    List<List<String>> plain = new ArrayList<>();
    for (var entry : run.manifest().properties()) {
      if (TOLD_ABOVE.contains(entry.getKey())) {
        continue;
      }
      List<List<String>> rows = new ArrayList<>();
      flatten("", entry.getValue(), rows);
      if (entry.getValue().isContainerNode()) {
        body.append(part(title(entry.getKey()), rows));
      } else {
        plain.add(List.of(entry.getKey(), entry.getValue().asText()));
      }
    }
    if (!plain.isEmpty()) {
      body.append(part("Other", plain));
    }
    return body.isEmpty()
        ? Section.missing("settings", "Settings and digests", "The manifest holds no settings.")
        : Section.of(
            "settings", "Settings and digests", "<div class=\"parts\">\n" + body + "</div>\n");
  }

  private static String part(String title, List<List<String>> rows) {
    return "<div class=\"part\"><h3>"
        + Html.text(title)
        + "</h3>\n"
        + Html.table(List.of("name", "value"), rows)
        + "</div>\n";
  }

  private static String title(String key) {
    return switch (key) {
      case "settings" -> "Settings of the engine, with defaults";
      case "options" -> "Options of the command";
      case "model" -> "Digests of the model (SHA-256)";
      case "adapter" -> "Digests of the adapter (SHA-256)";
      case "seedData" -> "Seed data";
      case "heldOut" -> "Held-out measure";
      case "heldOutPairs" -> "Held-out pairs";
      case "heldOutPrompts" -> "Held-out prompts";
      default -> Html.capitalised(key);
    };
  }

  private static void flatten(String name, JsonNode value, List<List<String>> rows) {
    if (value.isObject()) {
      for (var field : value.properties()) {
        String longer = name.isEmpty() ? field.getKey() : name + " " + field.getKey();
        flatten(longer, field.getValue(), rows);
      }
    } else if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(item.isContainerNode() ? item.toString() : item.asText()));
      rows.add(List.of(name, String.join(", ", items)));
    } else {
      rows.add(List.of(name, value.asText()));
    }
  }
}
