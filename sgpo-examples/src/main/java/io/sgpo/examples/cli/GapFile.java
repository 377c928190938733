package io.sgpo.examples.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Gaps from a text file, one a line. A byte-order mark, CR LF and a missing final line break are
 * accepted; an empty line is not. The memory is that of the gaps.
 */
final class GapFile {

  /** More characters than any double needs; a longer line is not read further. */
  private static final int MAX_LINE = 1000;

  private static final int BUFFER = 1 << 16;
  private static final int SHOWN = 40;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final String name;
  private final InputStream in;
  private final byte[] line = new byte[MAX_LINE + 1];
  private double[] gaps = new double[1024];
  private int size;

  private GapFile(String name, InputStream in) {
    this.name = name;
    this.in = new BufferedInputStream(in, BUFFER);
  }

  /**
   * Reads a file.
   *
   * @param file its path, or {@code -} for standard input
   * @return the gaps, at least one, all finite
   * @throws UsageException naming file, line and value, if it holds anything else
   */
  static double[] read(String file, InputStream stdin) throws IOException {
    if (file.equals("-")) {
      return new GapFile("standard input", stdin).read();
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new UsageException(file + ": is a folder, but must be a file of one gap per line");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return new GapFile(file, in).read();
    }
  }

  private double[] read() throws IOException {
    skipByteOrderMark();
    for (int length = readLine(); length >= 0; length = readLine()) {
      add(parse(length));
    }
    if (size == 0) {
      throw new UsageException(name + ": must hold at least one gap, but is empty");
    }
    return Arrays.copyOf(gaps, size);
  }

  private void skipByteOrderMark() throws IOException {
    in.mark(BYTE_ORDER_MARK.length);
    if (!Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
      in.reset();
    }
  }

  /** Reads a line into {@link #line} and returns its length without the break; -1 at the end. */
  private int readLine() throws IOException {
    int length = 0;
    int next = in.read();
    if (next < 0) {
      return -1;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (length > MAX_LINE) {
        throw bad("must be a number, but is longer than " + MAX_LINE + " characters");
      }
      line[length++] = (byte) next;
    }
    return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
  }

  private double parse(int length) {
    String text = new String(line, 0, length, StandardCharsets.UTF_8).strip();
    double gap = number(text);
    if (!Double.isFinite(gap)) {
      throw bad("gap must be finite, but was " + gap);
    }
    return gap;
  }

  private double number(String text) {
    if (text.isEmpty()) {
      throw bad("must be a number, but the line is empty");
    }
    try {
      return Numbers.parse(text);
    } catch (NumberFormatException e) {
      throw new UsageException(notANumber(text), e);
    }
  }

  private String notANumber(String text) {
    String start = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    String shown = start.replaceAll("\\p{Cntrl}", "?");
    return at() + "must be a number, but was \"" + shown + '"';
  }

  private void add(double gap) {
    if (size == gaps.length) {
      gaps = Arrays.copyOf(gaps, grown(size));
    }
    gaps[size++] = gap;
  }

  private static int grown(int size) {
    return (int) Math.min(Integer.MAX_VALUE - 8L, size + (size >> 1));
  }

  private UsageException bad(String rule) {
    return new UsageException(at() + rule);
  }

  private String at() {
    return name + " line " + (size + 1L) + ": ";
  }
}
