package io.sgpo.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file, plain or gzip (told apart by the first two bytes). A byte order mark
 * at the start and carriage returns before line ends are dropped; the last line need not end.
 */
final class LineReader implements AutoCloseable {

  /** The longest line that is read. */
  static final int MAX_LINE_BYTES = 100_000_000;

  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final InputStream in;
  private long number;

  LineReader(Path file) throws IOException {
    this.file = file;
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      raw.mark(2);
      boolean gzip = raw.read() == 0x1F && raw.read() == 0x8B;
      raw.reset();
      this.in = gzip ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER) : raw;
    } catch (IOException e) {
      raw.close();
      throw new DataException(file, 0, "must be text or gzip, but " + e.getMessage(), e);
    }
  }

  /** The number of the last line read, from 1. */
  long number() {
    return number;
  }

  /** The next line, or null at the end. */
  @Nullable String next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    number++;
    try {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      while (b >= 0 && b != '\n') {
        if (line.size() == MAX_LINE_BYTES) {
          throw fault("must hold at most " + MAX_LINE_BYTES + " bytes, but is longer", null);
        }
        line.write(b);
        b = in.read();
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw fault("cannot be read: " + e.getMessage(), e);
    }
    return text(line.toByteArray());
  }

  private String text(byte[] bytes) throws DataException {
    int end = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, 0, end))
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
