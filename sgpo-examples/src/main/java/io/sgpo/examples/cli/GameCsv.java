package io.sgpo.examples.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as comma-separated values, a row per line. A first line without any number names the
 * actions; if it begins with an empty cell, each row begins with its action's name, too.
 */
final class GameCsv {
  private final String name;
  private final List<double[]> rows = new ArrayList<>();
  private @Nullable List<String> items;
  private boolean named;

  GameCsv(String name) {
    this.name = name;
  }

  GameFile.Fields read(BufferedReader text) throws IOException {
    boolean first = true;
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      if (!line.isBlank()) {
        String[] cells = line.split(",", -1);
        if (!first || !header(cells)) {
          rows.add(row(cells));
        }
        first = false;
      }
    }
    if (items != null && rows.isEmpty()) {
      throw new UsageException(name + ": must hold a matrix, but has no number");
    }
    return new GameFile.Fields(name, rows.toArray(double[][]::new), null, items, null, null);
  }

  private boolean header(String[] cells) {
    if (cells.length < 2 || Arrays.stream(cells).anyMatch(cell -> isNumber(cell.strip()))) {
      return false;
    }
    named = cells[0].isBlank();
    items = Arrays.stream(cells).skip(named ? 1 : 0).map(cell -> unquoted(cell.strip())).toList();
    return true;
  }

  private static boolean isNumber(String cell) {
    try {
      Numbers.parse(cell);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String unquoted(String cell) {
    boolean quoted = cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"");
    return quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
  }

  private double[] row(String[] cells) {
    int skipped = named ? 1 : 0;
    if (named) {
      requireName(unquoted(cells[0].strip()));
    }
    double[] numbers = new double[cells.length - skipped];
    for (int i = 0; i < numbers.length; i++) {
      String cell = cells[i + skipped].strip();
      try {
        numbers[i] = Numbers.parse(cell);
      } catch (NumberFormatException e) {
        String place = name + ": p[" + rows.size() + "][" + i + "]";
        throw new UsageException(
            place + " must be a number, but was \"" + GameFile.shown(cell) + '"', e);
      }
    }
    return numbers;
  }

  private void requireName(String found) {
    int row = rows.size();
    if (items != null && row < items.size() && !items.get(row).equals(found)) {
      throw new UsageException(
          "%s: row %d must be that of \"%s\", as the first line has it, but was that of \"%s\""
              .formatted(name, row, GameFile.shown(items.get(row)), GameFile.shown(found)));
    }
  }
}
