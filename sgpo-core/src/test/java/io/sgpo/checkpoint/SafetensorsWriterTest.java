package io.sgpo.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.testing.SharedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  private final Path folder;

  SafetensorsWriterTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static float[] normals(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void everyDtypeSurvivesTheRoundTrip() throws IOException {
    Path file = folder.resolve("x.safetensors");
    float[] values = normals(600_001, 1); // more than two blocks
    List<TensorSource> tensors = new ArrayList<>();
    for (Dtype dtype : List.of(Dtype.BF16, Dtype.F32, Dtype.F16)) {
      tensors.add(TensorSource.of(dtype.name(), dtype, List.of(600_001L), values));
    }
    tensors.add(TensorSource.of("scalar", Dtype.F32, List.of(), new float[] {3}));
    tensors.add(TensorSource.of("none", Dtype.F32, List.of(2L, 0L), new float[0]));
    SafetensorsWriter.write(file, tensors, SafetensorsWriter.PYTORCH);

    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(Map.of("format", "pt"), read.metadata());
      assertEquals(List.of(2L, 0L), read.tensor("none").shape());
      for (TensorInfo info : read.tensors().values()) {
        assertEquals(0, info.begin() % info.dtype().bytes(), info.name());
      }
      for (Dtype dtype : List.of(Dtype.BF16, Dtype.F32, Dtype.F16)) {
        float[] back = new float[values.length];
        read.readFloats(dtype.name(), 0, back, 0, back.length);
        for (int i = 0; i < values.length; i++) {
          assertEquals(rounded(dtype, values[i]), back[i]);
        }
      }
    }
    ByteBuffer start = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0, start.getLong(0) % 8);
  }

  private static float rounded(Dtype dtype, float value) {
    return switch (dtype) {
      case BF16 -> HalfPrecision.fromBf16(HalfPrecision.toBf16(value));
      case F16 -> HalfPrecision.fromF16(HalfPrecision.toF16(value));
      default -> value;
    };
  }

  @Test
  void shardsKeepTheLimitAndReadBack() throws IOException {
    List<TensorSource> tensors = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tensors.add(TensorSource.of("t" + i, Dtype.F32, List.of(2L, 5L), normals(10, i)));
    }
    tensors.add(TensorSource.of("large", Dtype.F32, List.of(100L), normals(100, 9)));
    SafetensorsWriter.writeModel(folder, tensors, SafetensorsWriter.PYTORCH, 80);

    assertTrue(Files.exists(folder.resolve("model-00004-of-00004.safetensors")));
    try (ModelWeights weights = ModelWeights.open(folder)) {
      assertEquals(6, weights.names().size());
      for (TensorSource tensor : tensors) {
        float[] expected = new float[(int) tensor.elements()];
        tensor.values().read(0, expected, expected.length);
        float[] back = new float[expected.length];
        weights.readFloats(tensor.name(), 0, back, 0, back.length);
        assertArrayEquals(expected, back);
      }
    }
  }

  @Test
  void withinTheLimitThereIsOneFile() throws IOException {
    SafetensorsWriter.writeModel(
        folder, List.of(TensorSource.of("t", Dtype.F32, List.of(1L), new float[1])), Map.of(), 80);
    assertTrue(Files.exists(folder.resolve("model.safetensors")));
    assertFalse(Files.exists(folder.resolve("model.safetensors.index.json")));
  }

  @Test
  void aCopyOfAHuggingFaceFileIsEqual() throws IOException {
    Path golden = SharedFiles.require("golden/models/qwen2-tied-f16/model.safetensors");
    Path copy = folder.resolve("copy.safetensors");
    try (SafetensorsFile read = SafetensorsFile.open(golden)) {
      List<TensorSource> tensors = new ArrayList<>();
      for (TensorInfo info : read.tensors().values()) {
        tensors.add(
            new TensorSource(
                info.name(),
                info.dtype(),
                info.shape(),
                (first, into, count) -> read.readFloats(info.name(), first, into, 0, count)));
      }
      SafetensorsWriter.write(copy, tensors, read.metadata());
    }
    assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(copy));
  }

  @Test
  void valuesThatAreNotFiniteAreRefused() {
    assertRefused(Dtype.F32, Float.NaN, "element 1 was NaN");
    assertRefused(Dtype.F32, Float.NEGATIVE_INFINITY, "element 1 was -Infinity");
    assertRefused(Dtype.F16, 70000, "finite in F16, but element 1 was 70000.0");
    assertRefused(Dtype.BF16, Float.MAX_VALUE, "finite in BF16");
  }

  private void assertRefused(Dtype dtype, float value, String message) {
    Path file = folder.resolve(dtype + "-" + value);
    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () ->
                SafetensorsWriter.write(
                    file,
                    List.of(TensorSource.of("w", dtype, List.of(2L), new float[] {1, value})),
                    Map.of()));
    assertTrue(String.valueOf(e.getMessage()).contains(message), String.valueOf(e.getMessage()));
    assertTrue(String.valueOf(e.getMessage()).contains("\"w\""), String.valueOf(e.getMessage()));
  }

  @Test
  void misuseIsRefused() throws IOException {
    TensorSource t = TensorSource.of("t", Dtype.F32, List.of(1L), new float[1]);
    Path file = folder.resolve("x.safetensors");
    assertThrows(
        IllegalArgumentException.class,
        () -> SafetensorsWriter.write(file, List.of(t, t), Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> SafetensorsWriter.writeModel(folder, List.of(t), Map.of(), 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorSource.of("t", Dtype.I64, List.of(1L), new float[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorSource.of("t", Dtype.F32, List.of(2L), new float[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorSource.of("__metadata__", Dtype.F32, List.of(1L), new float[1]));
    SafetensorsWriter.write(file, List.of(t), Map.of());
    assertThrows(
        FileAlreadyExistsException.class,
        () -> SafetensorsWriter.write(file, List.of(t), Map.of()));
  }
}
