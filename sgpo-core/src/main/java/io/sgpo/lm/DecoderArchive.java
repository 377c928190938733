package io.sgpo.lm;

import com.google.common.primitives.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript archive, written in memory: the source of the kernels and one instance of their
 * class whose attributes are a model's settings. It is what lets plain Java call every operator of
 * the engine with autograd.
 */
final class DecoderArchive {

  private static final String SOURCE = "decoder.ts.py";

  /** What computes the matrix products; not every build of the engine has oneDNN. */
  enum Products {
    ONEDNN("products-onednn.ts.py"),
    PLAIN("products.ts.py");

    private final String source;

    Products(String source) {
      this.source = source;
    }
  }

  private static final String CLASS_NAME = "Decoder";

  /** Logits that the vocabulary head holds at once: 64 MiB, or half the size of its weights. */
  private static final int HEAD_ELEMENTS = 1 << 24;

  /** So many times as many are kept between forward and backward; the rest is computed again. */
  static final int HEAD_KEPT = 2;

  /** Attributes that start as empty lists; the kernels fill them. */
  private static final List<String> LISTS =
      List.of(
          "weights",
          "lora_a",
          "lora_b",
          "leaves",
          "trainable",
          "frequencies",
          "gradients",
          "token_keys");

  private DecoderArchive() {}

  /**
   * @param layout the model's shape and tensors
   * @param options how it is run
   * @param adapted the adapter, if there is one
   * @param products what computes the matrix products
   */
  static byte[] of(
      WeightLayout layout,
      CausalLmOptions options,
      @Nullable AdapterLayout adapted,
      Products products) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        zip.setMethod(ZipOutputStream.STORED);
        put(zip, "data.pkl", instance(attributes(layout, options, adapted)));
        put(zip, "code/__torch__.py", source(products));
        put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
        put(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> attributes(
      WeightLayout layout, CausalLmOptions options, @Nullable AdapterLayout adapted) {
    ModelConfig config = layout.config();
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("training", false);
    attributes.put("layers", config.layers());
    attributes.put("heads", config.heads());
    attributes.put("kv_heads", config.keyValueHeads());
    attributes.put("head_dim", config.headDim());
    attributes.put("window", config.slidingWindow().orElse(0));
    attributes.put("head_chunk", headChunk(config));
    attributes.put("head_kept", options.recompute() ? 0 : HEAD_KEPT);
    attributes.put("head_place", headPlace(layout, adapted));
    attributes.put("all_trained", adapted == null);
    attributes.put("scalar_head", layout.head() == WeightLayout.Head.SCALAR);
    attributes.put("epsilon", config.normEpsilon());
    attributes.put("rope_scale", config.rope().scaling().attentionFactor());
    attributes.put("query_key_norm", config.architecture().queryKeyNorm());
    attributes.put("recompute", options.recompute());
    attributes.put("compute_type", options.precision().scalarType());
    attributes.put("lora_scale", adapted == null ? 0.0 : adapted.options().scale());
    attributes.put("lora_dropout", adapted == null ? 0.0 : adapted.options().dropout());
    attributes.put("places", List.of());
    LISTS.forEach(name -> attributes.put(name, List.of()));
    return attributes;
  }

  /**
   * Positions that go through the vocabulary head at once; few would read its weights too often.
   */
  static int headChunk(ModelConfig config) {
    return Math.max(HEAD_ELEMENTS / config.vocabularySize(), (config.hiddenSize() + 1) / 2);
  }

  /** Where the head is among the trained tensors; −1 where it is frozen. */
  private static int headPlace(WeightLayout layout, @Nullable AdapterLayout adapted) {
    if (adapted != null) {
      return layout.head() == WeightLayout.Head.SCALAR ? adapted.slots().size() : -1;
    }
    return layout.headIsEmbedding() ? 0 : WeightLayout.HEAD_PLACE;
  }

  /** The instance in pickle protocol 2: class, no arguments, a state of named attributes. */
  private static byte[] instance(Map<String, Object> attributes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(0x80); // PROTO 2
    out.write(2);
    out.writeBytes("c__torch__\n" + CLASS_NAME + "\n)"); // GLOBAL, EMPTY_TUPLE
    out.write(0x81); // NEWOBJ
    out.writeBytes("}("); // EMPTY_DICT, MARK
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      writeText(out, attribute.getKey());
      writeValue(out, attribute.getValue());
    }
    out.writeBytes("ub."); // SETITEMS, BUILD, STOP
    return bytes.toByteArray();
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write('X'); // BINUNICODE
    out.writeInt(Integer.reverseBytes(utf8.length));
    out.write(utf8);
  }

  private static void writeValue(DataOutputStream out, Object value) throws IOException {
    if (value instanceof Boolean flag) {
      out.write(flag ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    } else if (value instanceof Integer number) {
      out.write('J'); // BININT
      out.writeInt(Integer.reverseBytes(number));
    } else if (value instanceof Double number) {
      out.write('G'); // BINFLOAT
      out.writeDouble(number);
    } else {
      out.write(']'); // EMPTY_LIST
    }
  }

  /** The class, whose last methods are the products. */
  private static byte[] source(Products products) throws IOException {
    return Bytes.concat(resource(SOURCE), resource(products.source));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = DecoderArchive.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("decoder/" + name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
