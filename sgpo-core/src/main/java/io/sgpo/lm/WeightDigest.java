package io.sgpo.lm;

import io.sgpo.checkpoint.TensorSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over names, shapes and values of a model's weights, in the order of the names. */
final class WeightDigest {

  private static final int BLOCK = 1 << 16;

  private WeightDigest() {}

  static String of(List<TensorSource> tensors) {
    return of("", tensors);
  }

  /** The digest of weights under an adapter, from that of the weights. */
  static String of(String weights, Decoder decoder, Adapter adapter) {
    List<TensorSource> tensors =
        adapter.parameters().stream()
            .map(tensor -> WeightFiles.source(decoder, tensor.slot().name(), tensor))
            .toList();
    return of(weights + adapter.layout().options().scale() + "\n", tensors);
  }

  private static String of(String prefix, List<TensorSource> tensors) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(prefix.getBytes(StandardCharsets.UTF_8));
      for (TensorSource tensor :
          tensors.stream().sorted(Comparator.comparing(TensorSource::name)).toList()) {
        add(digest, tensor);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(MessageDigest digest, TensorSource tensor) throws IOException {
    digest.update((tensor.name() + tensor.shape() + "\n").getBytes(StandardCharsets.UTF_8));
    int size = (int) Math.min(BLOCK, tensor.elements());
    float[] block = new float[size];
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long first = 0; first < tensor.elements(); first += size) {
      int count = (int) Math.min(size, tensor.elements() - first);
      tensor.values().read(first, block, count);
      bytes.clear().asFloatBuffer().put(block, 0, count);
      digest.update(bytes.limit(count * Float.BYTES));
    }
  }
}
