package io.sgpo.examples.figures;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.examples.cli.SgpoCommand;
import io.sgpo.figure.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sgpo figures}: writes the pictures of docs/which-follower.md, and its tables. */
@Command(
    name = "figures",
    hidden = true,
    description = {
      "Writes the pictures of docs/which-follower.md as SVG, and its tables as Markdown.",
      "Prints one object: the files written.",
      ""
    })
public final class FiguresCommand extends SgpoCommand {

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "the folder, made if need be; files of the same names are replaced",
      required = true)
  private Path output = Path.of("");

  @Override
  protected void run() throws IOException {
    Files.createDirectories(output);
    Map<String, String> files = files();
    for (var file : files.entrySet()) {
      Files.writeString(output.resolve(file.getKey()), file.getValue());
    }
    out().object(json -> list(json, files));
  }

  private void list(JsonGenerator json, Map<String, String> files) throws IOException {
    json.writeArrayFieldStart("files");
    for (String name : files.keySet()) {
      json.writeString(output.resolve(name).toString());
    }
    json.writeEndArray();
  }

  /** All files by name: the same text in every run. */
  static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (Figure figure : figures()) {
      files.put(figure.name() + ".svg", figure.svg());
    }
    files.put("tables.md", Tables.all());
    return files;
  }

  private static List<Figure> figures() {
    return List.of(
        WeightFigures.byRadius(),
        WeightFigures.byWeighting(),
        AdversaryFigures.byAdversary(),
        ValueFigures.byTangents(),
        ValueFigures.byRadius(),
        AdversaryFigures.softer());
  }
}
