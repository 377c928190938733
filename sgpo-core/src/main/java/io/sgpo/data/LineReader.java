package io.sgpo.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file, plain or gzip (told apart by the first two bytes). A byte order mark
 * at the start and carriage returns before line ends are dropped; the last line need not end. Holds
 * one line at a time; of one that is too long only the beginning.
 */
final class LineReader implements AutoCloseable {

  /** The longest line that is read. */
  static final int MAX_LINE_BYTES = 100_000_000;

  private static final int BUFFER = 1 << 16;

  /** Room for a line that is kept for the next one. */
  private static final int KEPT = 1 << 20;

  private final Path file;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int limit;
  private byte[] line = new byte[256];
  private int length;
  private boolean tooLong;
  private long number;

  LineReader(Path file) throws IOException {
    this.file = file;
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      raw.mark(2);
      boolean gzip = raw.read() == 0x1F && raw.read() == 0x8B;
      raw.reset();
      this.in = gzip ? new GZIPInputStream(raw, BUFFER) : raw;
    } catch (IOException e) {
      raw.close();
      throw new DataException(file, 0, "must be text or gzip, but " + e.getMessage(), e);
    }
  }

  /** The number of the present line, from 1. */
  long number() {
    return number;
  }

  /**
   * Goes to the next line.
   *
   * @return false if there is none
   * @throws DataException if the file cannot be read on, such as gzip that is cut off
   */
  boolean advance() throws IOException {
    number++;
    length = 0;
    tooLong = false;
    if (line.length > KEPT) {
      line = new byte[256];
    }
    if (position == limit && !refill()) {
      return false;
    }
    while (!takeUntilLineEnd() && refill()) {
      // the line goes on in the next buffer, or the file ends with it
    }
    return true;
  }

  /** Moves bytes of the buffer to the line; true once the line has ended. */
  private boolean takeUntilLineEnd() {
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    append(position, end);
    boolean ended = end < limit;
    position = ended ? end + 1 : end;
    return ended;
  }

  private void append(int from, int to) {
    int count = to - from;
    if (length + count > MAX_LINE_BYTES) {
      tooLong = true;
      return;
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.min(MAX_LINE_BYTES, Math.max(length + count, 2 * length)));
    }
    System.arraycopy(buffer, from, line, length, count);
    length += count;
  }

  private boolean refill() throws IOException {
    try {
      position = 0;
      limit = Math.max(0, in.read(buffer, 0, BUFFER));
      return limit > 0;
    } catch (IOException e) {
      throw fault("cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The present line.
   *
   * @throws DataException if it is too long or not UTF-8; the lines after it can still be read
   */
  String text() throws DataException {
    if (tooLong) {
      throw fault("must hold at most " + MAX_LINE_BYTES + " bytes, but is longer", null);
    }
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(line, 0, end))
              .toString();
      return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw fault("must be UTF-8, but is not", e);
    }
  }

  private DataException fault(String fault, @Nullable Throwable cause) {
    return new DataException(file, number, fault, cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
