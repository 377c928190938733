package io.sgpo.checkpoint;

import static io.sgpo.checkpoint.SafetensorsFiles.bytes;
import static io.sgpo.checkpoint.SafetensorsFiles.entry;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {

  private final Path folder;

  SafetensorsFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static Arguments header(String what, String header, int dataBytes, String... messages) {
    byte[] utf8 = header.getBytes(UTF_8);
    return arguments(what, bytes(utf8.length, utf8, dataBytes), List.of(messages));
  }

  private static Arguments length(String what, long length, String message) {
    return arguments(what, bytes(length, "{}".getBytes(UTF_8), 0), List.of("header", message));
  }

  static Stream<Arguments> malformed() {
    String a = entry("a", "F32", "[1]", "[0,4]");
    return Stream.of(
        arguments("empty", new byte[0], List.of("at least 8 bytes", "holds 0")),
        arguments("under 8 bytes", new byte[7], List.of("at least 8 bytes", "holds 7")),
        length("header length 0", 0, "was 0"),
        length("header length 1 of '{'", 1, "valid JSON"),
        length("header length 2^63", Long.MIN_VALUE, "was 9223372036854775808"),
        length("header length -1", -1, "was 18446744073709551615"),
        length("header beyond the file", 3, "its length was 3"),
        length("header over the limit", 100_000_001, "was 100000001"),
        header("no brace", "[]", 0, "must start with '{'", "91"),
        header("leading space", " {}", 0, "must start with '{'", "32"),
        arguments(
            "bad UTF-8",
            bytes(5, new byte[] {'{', '"', (byte) 0xC3, '"', '}'}, 0),
            List.of("must be UTF-8")),
        arguments(
            "overlong UTF-8",
            bytes(6, new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', '}'}, 0),
            List.of("must be UTF-8")),
        header("truncated JSON", "{\"a\":{\"dtype\":\"F32\"", 0, "\"a\"", "valid JSON"),
        header("more after the object", "{} {}", 0, "one JSON object"),
        header("deep nesting", "{\"a\":" + "[".repeat(1000), 0, "\"a\""),
        header("deep shape", "{\"a\":{\"shape\":" + "[".repeat(1000), 0, "\"a\"", "integers"),
        header("duplicate tensor", "{" + a + "," + a + "}", 4, "Duplicate field 'a'"),
        header(
            "duplicate field",
            "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}",
            4,
            "\"a\"",
            "dtype"),
        header("metadata no object", "{\"__metadata__\":[]}", 0, "must be an object"),
        header("metadata no text", "{\"__metadata__\":{\"k\":1}}", 0, "k must be a string", "1"),
        header("entry no object", "{\"a\":7}", 0, "\"a\"", "must be an object", "7"),
        header("unknown field", "{\"a\":{\"strides\":[1]}}", 0, "\"a\"", "strides"),
        header("missing shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "shape"),
        header("unknown dtype", "{" + entry("a", "F12", "[1]", "[0,4]") + "}", 4, "\"a\"", "F12"),
        header("dtype no text", "{\"a\":{\"dtype\":32}}", 0, "dtype must be a string", "32"),
        header("negative offset", "{" + entry("a", "F32", "[1]", "[-4,0]") + "}", 4, "-4"),
        header("reversed", "{" + entry("a", "F32", "[1]", "[4,0]") + "}", 4, "[4, 0]"),
        header("three offsets", "{" + entry("a", "F32", "[1]", "[0,4,8]") + "}", 4, "[0, 4, 8]"),
        header(
            "overlapping",
            "{" + a + "," + entry("b", "F32", "[1]", "[2,6]") + "}",
            6,
            "\"b\"",
            "begin at byte 4",
            "[2, 6]"),
        header(
            "holed",
            "{" + a + "," + entry("b", "F32", "[1]", "[8,12]") + "}",
            12,
            "\"b\"",
            "begin at byte 4",
            "[8, 12]"),
        header("hole at the start", "{" + entry("a", "F32", "[1]", "[4,8]") + "}", 8, "byte 0"),
        header("out of the file", "{" + a + "}", 3, "\"a\"", "within the 3 bytes", "end at 4"),
        header("trailing bytes", "{" + a + "}", 5, "1 bytes trail"),
        header("trailing bytes of no tensor", "{}", 5, "5 bytes trail"),
        header("negative shape", "{" + entry("a", "F32", "[-1]", "[0,4]") + "}", 4, "-1"),
        header("fractional shape", "{" + entry("a", "F32", "[1.5]", "[0,4]") + "}", 4, "1.5"),
        header("text shape", "{" + entry("a", "F32", "[\"1\"]", "[0,4]") + "}", 4, "integers"),
        header(
            "dimension beyond long",
            "{" + entry("a", "F32", "[9223372036854775808]", "[0,4]") + "}",
            4,
            "\"a\"",
            "9223372036854775808"),
        header(
            "shape overflow",
            "{" + entry("a", "F32", "[4294967296,4294967296]", "[0,4]") + "}",
            4,
            "63 bits",
            "[4294967296, 4294967296]"),
        header(
            "byte overflow",
            "{" + entry("a", "F32", "[4611686018427387904]", "[0,4]") + "}",
            4,
            "63 bits"),
        header(
            "shape against span",
            "{" + entry("a", "F32", "[2]", "[0,4]") + "}",
            4,
            "span 8 bytes",
            "but span 4"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformedFileIsRefusedWithRuleAndValue(String what, byte[] bytes, List<String> messages)
      throws IOException {
    Path file = Files.write(folder.resolve("bad.safetensors"), bytes);

    CheckpointException e =
        assertThrows(CheckpointException.class, () -> SafetensorsFile.open(file));

    assertEquals(file, e.file());
    for (String message : messages) {
      assertTrue(
          String.valueOf(e.getMessage()).contains(message),
          () -> what + ": " + String.valueOf(e.getMessage()));
    }
    Files.delete(file); // Windows would refuse while it is open
  }

  @Test
  void missingFileIsRefusedByName() {
    Path file = folder.resolve("absent.safetensors");
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> SafetensorsFile.open(file));
    assertTrue(
        String.valueOf(e.getMessage()).contains("absent.safetensors"),
        String.valueOf(e.getMessage()));
  }

  @Test
  void scalarsZeroDimensionsAndOtherDtypesAreGood() throws IOException {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + String.join(
                ",",
                entry("scalar", "F32", "[]", "[0,4]"),
                entry("none", "F16", "[3,0,2]", "[4,4]"),
                entry("ids", "I64", "[2]", "[4,20]"))
            + "}   ";
    Path file = SafetensorsFiles.write(folder.resolve("good.safetensors"), header, 20);
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      assertEquals("pt", tensors.metadata().get("format"));
      assertEquals(1, tensors.tensor("scalar").elements());
      assertEquals(0, tensors.tensor("none").elements());
      assertEquals(List.of("scalar", "none", "ids"), List.copyOf(tensors.tensors().keySet()));
      tensors.readFloats("none", 0, new float[0], 0, 0);
      float[] one = {7};
      tensors.readFloats("scalar", 0, one, 0, 1);
      assertArrayEquals(new float[] {0}, one);
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> tensors.readFloats("ids", 0, one, 0, 1));
      assertEquals(Optional.of("ids"), e.tensor());
      assertTrue(String.valueOf(e.getMessage()).contains("I64"), String.valueOf(e.getMessage()));
      assertThrows(CheckpointException.class, () -> tensors.readFloats("x", 0, one, 0, 1));
      assertThrows(
          IndexOutOfBoundsException.class, () -> tensors.readFloats("scalar", 1, one, 0, 1));
      assertThrows(
          IndexOutOfBoundsException.class, () -> tensors.readFloats("scalar", 0, one, 1, 1));
    }
  }

  @Test
  void tensorBeyondTwoGibibytesIsRead() throws IOException {
    long bytes = (1L << 31) + 4096;
    byte[] header =
        ("{" + entry("big", "BF16", "[" + bytes / 2 + "]", "[0," + bytes + "]") + "}")
            .getBytes(UTF_8);
    Path file = folder.resolve("big.safetensors");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(bytes(header.length, header, 0));
      sparse.setLength(8 + header.length + bytes);
      sparse.seek(8 + header.length + bytes - 2);
      sparse.write(new byte[] {(byte) 0x80, 0x3F}); // 1 in BF16, little-endian
    }
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      float[] last = new float[3];
      tensors.readFloats("big", bytes / 2 - 2, last, 1, 2);
      assertArrayEquals(new float[] {0, 0, 1}, last);
    }
  }

  @Test
  void fileThatShrinksWhileOpenIsAnErrorAndNoCrash() throws IOException {
    Path file =
        SafetensorsFiles.write(
            folder.resolve("shrinks.safetensors"),
            "{" + entry("a", "F32", "[1024]", "[0,4096]") + "}",
            4096);
    try (SafetensorsFile tensors = SafetensorsFile.open(file);
        RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
      writer.setLength(1000);
      CheckpointException e =
          assertThrows(
              CheckpointException.class,
              () -> tensors.readFloats("a", 0, new float[1024], 0, 1024));
      assertTrue(String.valueOf(e.getMessage()).contains("change"), String.valueOf(e.getMessage()));
    }
  }

  @Test
  void nonFiniteValueIsRefusedByNameAndIndex() throws IOException {
    byte[] header = ("{" + entry("w", "F32", "[3]", "[0,12]") + "}").getBytes(UTF_8);
    byte[] bytes = bytes(header.length, header, 12);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(8 + header.length + 8, Float.NaN);
    Path file = Files.write(folder.resolve("nan.safetensors"), bytes);
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> tensors.requireFinite("w"));
      assertTrue(
          String.valueOf(e.getMessage()).contains("element 2 was NaN"),
          String.valueOf(e.getMessage()));
      assertEquals(Optional.of("w"), e.tensor());
    }
  }
}
