package io.sgpo.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads event files without any of the code that writes them: TFRecord with a CRC-32C computed bit
 * by bit, and protocol buffers field by field.
 */
public final class EventReader {

  /** Castagnoli's polynomial, reversed. */
  private static final int POLYNOMIAL = 0x82f63b78;

  /**
   * An event.
   *
   * @param version of the file, empty but in the first
   * @param scalars by tag
   * @param histograms by tag: min, max, num, sum, sum of squares, then limits, then counts
   * @param restart whether it marks a restart
   */
  public record Event(
      double wallTime,
      long step,
      String version,
      Map<String, Float> scalars,
      Map<String, double[]> histograms,
      boolean restart) {}

  private EventReader() {}

  /** All events of a file, every checksum checked. */
  public static List<Event> read(byte[] file) {
    List<Event> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(masked(length), in.getInt(), "checksum of a length");
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(data);
      assertEquals(masked(data), in.getInt(), "checksum of a record");
      events.add(event(data));
    }
    return events;
  }

  /** ((crc >> 15) | (crc << 17)) + 0xa282ead8, as TFRecord's description has it. */
  private static int masked(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Field(int number, long integer, byte[] bytes) {

    double number64() {
      return Double.longBitsToDouble(integer);
    }

    float number32() {
      return Float.intBitsToFloat((int) integer);
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    double[] packed() {
      double[] values = new double[bytes.length / 8];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
      return values;
    }
  }

  private static List<Field> fields(byte[] message) {
    List<Field> fields = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long key = varint(in);
      int number = (int) (key >>> 3);
      switch ((int) (key & 7)) {
        case 0 -> fields.add(new Field(number, varint(in), new byte[0]));
        case 1 -> fields.add(new Field(number, in.getLong(), new byte[0]));
        case 2 -> {
          byte[] bytes = new byte[(int) varint(in)];
          in.get(bytes);
          fields.add(new Field(number, 0, bytes));
        }
        case 5 -> fields.add(new Field(number, in.getInt(), new byte[0]));
        default -> throw new AssertionError("wire type of key " + key);
      }
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static Event event(byte[] data) {
    double time = Double.NaN;
    long step = 0;
    String version = "";
    boolean restart = false;
    Map<String, Float> scalars = new LinkedHashMap<>();
    Map<String, double[]> histograms = new LinkedHashMap<>();
    for (Field field : fields(data)) {
      switch (field.number()) {
        case 1 -> time = field.number64();
        case 2 -> step = field.integer();
        case 3 -> version = field.text();
        case 5 -> fields(field.bytes()).forEach(v -> value(v.bytes(), scalars, histograms));
        case 7 -> restart = fields(field.bytes()).get(0).integer() == 1;
        default -> throw new AssertionError("field " + field.number() + " of an event");
      }
    }
    return new Event(time, step, version, scalars, histograms, restart);
  }

  private static void value(
      byte[] data, Map<String, Float> scalars, Map<String, double[]> histograms) {
    List<Field> fields = fields(data);
    assertEquals(1, fields.get(0).number(), "a value begins with its tag");
    Field content = fields.get(1);
    switch (content.number()) {
      case 2 -> scalars.put(fields.get(0).text(), content.number32());
      case 5 -> histograms.put(fields.get(0).text(), histogram(content.bytes()));
      default -> throw new AssertionError("field " + content.number() + " of a value");
    }
  }

  private static double[] histogram(byte[] data) {
    List<Double> numbers = new ArrayList<>();
    for (Field field : fields(data)) {
      if (field.number() <= 5) {
        numbers.add(field.number64());
      } else {
        for (double value : field.packed()) {
          numbers.add(value);
        }
      }
    }
    return numbers.stream().mapToDouble(n -> n).toArray();
  }
}
