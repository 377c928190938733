package io.sgpo.examples.cli;

import io.sgpo.solvers.game.ConditionalPolicy;
import io.sgpo.solvers.game.Distribution;
import io.sgpo.solvers.game.PreferenceGame;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Preference games from a file, plain or gzip: one matrix as CSV, or one or more JSON objects, such
 * as the rows of a JSON Lines file.
 */
final class GameFile {

  /** Entries that were rounded to six decimals sum to 1 within this. */
  static final double ROUNDING = 2e-6;

  private static final double EXACT = 1e-9;
  private static final int SHOWN = 40;

  private GameFile() {}

  /**
   * A game as it was read.
   *
   * @param id what the file calls it, if anything
   * @param items the actions' names, if the file has them
   * @param game the game
   * @param rounding by how much the worst pair of the file missed p + pᵀ = 1; such pairs were
   *     averaged
   */
  record Entry(
      @Nullable String id, @Nullable List<String> items, PreferenceGame game, double rounding) {
    boolean rounded() {
      return rounding > EXACT;
    }
  }

  /** What a file says of a game, before it is checked. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Fields(
      String place,
      double[][] p,
      @Nullable String id,
      @Nullable List<String> items,
      double @Nullable [] leaderReference,
      double @Nullable [][] followerReference) {

    Fields at(String other) {
      return new Fields(other, p, id, items, leaderReference, followerReference);
    }

    Entry toEntry() {
      try {
        return new Entry(id, checkedItems(), game(), rounding());
      } catch (IllegalArgumentException e) {
        throw new UsageException(place + ": " + e.getMessage(), e);
      }
    }

    private @Nullable List<String> checkedItems() {
      if (items != null && items.size() != p.length) {
        throw new IllegalArgumentException(
            "items must name as many actions as p has, "
                + p.length
                + ", but named "
                + items.size());
      }
      return items;
    }

    private PreferenceGame game() {
      PreferenceGame game = PreferenceGame.ofRounded(p, ROUNDING);
      if (leaderReference != null) {
        game = game.withLeaderReference(Distribution.of(leaderReference));
      }
      if (followerReference != null) {
        game = game.withFollowerReference(policy(followerReference, game.size()));
      }
      return game;
    }

    private static ConditionalPolicy policy(double[][] rows, int size) {
      return rows.length == 1 && size > 1
          ? ConditionalPolicy.constant(Distribution.of(rows[0]))
          : ConditionalPolicy.of(rows);
    }

    private double rounding() {
      double worst = 0;
      for (int y = 0; y < p.length; y++) {
        for (int other = 0; other <= y; other++) {
          worst = Math.max(worst, Math.abs(p[y][other] + p[other][y] - 1));
        }
      }
      return worst;
    }
  }

  /**
   * Reads all games of a file.
   *
   * @param file its path, or {@code -} for standard input
   * @return at least one
   * @throws UsageException naming the file and the place, if it holds anything else
   */
  static List<Entry> read(String file, InputStream stdin) throws IOException {
    if (file.equals("-")) {
      return checked("standard input", unpacked("standard input", stdin));
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new UsageException(file + ": is a folder, but must be a file with a matrix");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return checked(file, unpacked(file, in));
    }
  }

  private static InputStream unpacked(String name, InputStream raw) throws IOException {
    InputStream in = new BufferedInputStream(raw);
    in.mark(2);
    boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
    in.reset();
    try {
      return gzip ? new GZIPInputStream(in) : in;
    } catch (IOException e) {
      throw new UsageException(name + ": must be text or gzip, but " + e.getMessage(), e);
    }
  }

  private static List<Entry> checked(String name, InputStream in) throws IOException {
    var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    BufferedReader text = new BufferedReader(new InputStreamReader(in, decoder));
    try {
      List<Entry> entries = new ArrayList<>();
      for (Fields fields : fields(name, text)) {
        entries.add(fields.toEntry());
      }
      return entries;
    } catch (CharacterCodingException e) {
      throw new UsageException(name + ": must be UTF-8, but holds other bytes", e);
    } catch (EOFException | ZipException e) {
      throw new UsageException(name + ": must be a whole gzip file, but " + e.getMessage(), e);
    }
  }

  private static List<Fields> fields(String name, BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != '\uFEFF') { // a byte-order mark
      text.reset();
    }
    return startsObject(text)
        ? new GameJson(name).read(text)
        : List.of(new GameCsv(name).read(text));
  }

  /** Skips white space and looks whether a brace follows. */
  private static boolean startsObject(BufferedReader text) throws IOException {
    int next;
    do {
      text.mark(1);
      next = text.read();
    } while (next >= 0 && Character.isWhitespace(next));
    if (next >= 0) {
      text.reset();
    }
    return next == '{';
  }

  /** The start of a text, for a message. */
  static String shown(String text) {
    return (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...")
        .replaceAll("\\p{Cntrl}", "?");
  }
}
