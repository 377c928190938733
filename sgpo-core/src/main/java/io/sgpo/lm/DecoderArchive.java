package io.sgpo.lm;

import io.sgpo.lm.Architecture.Trait;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript archive, written in memory: the source of the kernels and some instances of the
 * decoder's class for models to take. It is what lets plain Java call every operator of the engine
 * with autograd.
 */
final class DecoderArchive {

  /** Bytes of logits that the vocabulary head holds at once, or half of its float32 weights. */
  private static final int HEAD_BYTES = 1 << 26;

  /** So many times as many are kept between forward and backward; the rest is computed again. */
  static final int HEAD_KEPT = 2;

  /** Tiles of the attention keep their probabilities where no query has more keys. */
  static final int TILE_KEYS = 1024;

  /** Bytes for each token, in all layers, that a step may keep of what comes through gates. */
  private static final int OPENED_BYTES = 80 << 10;

  /** Positions of a tile's queries. */
  static final int TILE_QUERIES = 128;

  /** Tiles have a multiple of so many keys, unless they have few. */
  private static final int TILE_STEP = 32;

  /** The fewest keys of which a tile has such a multiple. */
  private static final int EVEN_FROM = 128;

  /**
   * Numbers of a matrix that on the CPU one operator leaves for the next one near the processor.
   */
  private static final int TILE_NUMBERS = 1 << 21;

  /** Rows of the logits that are widened at once, if not more; for as many threads. */
  private static final int TILE_ROWS = 32;

  private DecoderArchive() {}

  /**
   * @param source of the kernels
   * @param decoders how many instances of the decoder's class
   */
  static byte[] of(DecoderSource source, int decoders) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        zip.setMethod(ZipOutputStream.STORED);
        put(zip, "data.pkl", module(source, decoders));
        put(zip, "code/__torch__.py", source.text().getBytes(StandardCharsets.UTF_8));
        put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
        put(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A model's settings by their names in the kernels: numbers and booleans.
   *
   * @param layout the model's shape and tensors
   * @param options how it is run
   * @param adapted the adapter, if there is one
   */
  static Map<String, Object> settings(
      WeightLayout layout, CausalLmOptions options, @Nullable AdapterLayout adapted) {
    ModelConfig config = layout.config();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("layers", config.layers());
    settings.put("heads", config.heads());
    settings.put("kv_heads", config.keyValueHeads());
    settings.put("head_dim", config.headDim());
    settings.put("window", config.slidingWindow().orElse(0));
    settings.put("head_chunk", headChunk(config, options.precision()));
    settings.put("head_kept", options.recompute() ? 0 : HEAD_KEPT);
    settings.put("head_place", headPlace(layout, adapted));
    settings.put("all_trained", adapted == null);
    settings.put("scalar_head", layout.head() == WeightLayout.Head.SCALAR);
    settings.put("epsilon", config.normEpsilon());
    settings.put("rope_scale", config.rope().scaling().attentionFactor());
    putTraits(config, settings);
    settings.put("recompute", options.recompute());
    settings.put("keep_opened", keepsOpened(config, options.precision()));
    boolean onCpu = options.device().isCpu();
    settings.put("tile_keys", onCpu ? TILE_KEYS : 0);
    settings.put("tile_queries", TILE_QUERIES);
    settings.put("tile_step", TILE_STEP);
    settings.put("even_from", EVEN_FROM);
    settings.put("tile_numbers", tileNumbers(options));
    settings.put("tile_rows", TILE_ROWS);
    settings.put("compute_type", options.precision().scalarType());
    settings.put("lora_scale", adapted == null ? 0.0 : adapted.options().scale());
    settings.put("lora_dropout", adapted == null ? 0.0 : adapted.options().dropout());
    return settings;
  }

  private static void putTraits(ModelConfig config, Map<String, Object> settings) {
    Architecture architecture = config.architecture();
    settings.put("query_key_norm", architecture.has(Trait.QUERY_KEY_NORM));
    settings.put("layer_norm", architecture.has(Trait.LAYER_NORM));
    settings.put("unit_norms", architecture.has(Trait.UNIT_NORMS));
    settings.put("output_norms", architecture.has(Trait.OUTPUT_NORMS));
    settings.put("fused", architecture.has(Trait.FUSED));
    settings.put("gated", !architecture.has(Trait.NO_GATE));
    settings.put("gelu", architecture.has(Trait.GELU));
    settings.put("turned_weights", architecture.has(Trait.TURNED_WEIGHTS));
    settings.put("learned_positions", architecture.has(Trait.LEARNED_POSITIONS));
    settings.put("alternating", architecture.has(Trait.WINDOW_ALTERNATES));
    settings.put(
        "embedding_scale",
        architecture.has(Trait.SCALED_EMBEDDING) ? Math.sqrt(config.hiddenSize()) : 1.0);
    settings.put(
        "score_scale", 1 / Math.sqrt(config.scores().queryScalar().orElse(config.headDim())));
    settings.put("score_cap", config.scores().attentionCap().orElse(0));
    settings.put("logit_cap", config.scores().logitCap().orElse(0));
  }

  /**
   * Whether a step keeps what comes through the gate of every layer, before and after it meets up,
   * for its backward pass, which else computes it again: of small models, whose products take
   * little more time than that. Without a gate the two are one.
   */
  static boolean keepsOpened(ModelConfig config, Precision precision) {
    return config.inwardWidth() * config.layers() * precision.bytes() <= OPENED_BYTES;
  }

  /**
   * Whether scoring, training and reading prompts attend by tiles where queries have so many keys.
   */
  static boolean tiles(ModelConfig config, CausalLmOptions options, long keys) {
    return options.device().isCpu()
        && !config.composesAttention()
        && (options.precision() != Precision.FLOAT32 || keys <= TILE_KEYS);
  }

  /** As many keys as a tile has for so many, as the kernels have it. */
  static long evened(long keys) {
    return keys < EVEN_FROM ? keys : (keys + TILE_STEP - 1) / TILE_STEP * TILE_STEP;
  }

  /**
   * Positions that go through the vocabulary head at once; few would read its weights too often.
   */
  static int headChunk(ModelConfig config, Precision precision) {
    int fitting = HEAD_BYTES / precision.bytes() / config.vocabularySize();
    int ofWeights = Float.BYTES * ((config.hiddenSize() + 1) / 2) / precision.bytes();
    return Math.max(fitting, ofWeights);
  }

  /** Numbers of the head's gradient or of logits that are widened at once; logits by whole rows. */
  static int tileNumbers(CausalLmOptions options) {
    return options.device().isCpu() ? TILE_NUMBERS : HEAD_BYTES / Float.BYTES;
  }

  /** Logits that are widened at once. */
  static long tileLogits(ModelConfig config, CausalLmOptions options) {
    long vocabulary = config.vocabularySize();
    return vocabulary * Math.max(tileNumbers(options) / vocabulary, TILE_ROWS);
  }

  /** Where the head is among the trained tensors; −1 where it is frozen. */
  private static int headPlace(WeightLayout layout, @Nullable AdapterLayout adapted) {
    if (adapted != null) {
      return layout.head() == WeightLayout.Head.SCALAR ? adapted.slots().size() : -1;
    }
    return layout.headIsEmbedding() ? 0 : WeightLayout.HEAD_PLACE;
  }

  /** The module in pickle protocol 2; the decoders' settings are 0 and their lists empty. */
  private static byte[] module(DecoderSource source, int decoders) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(0x80); // PROTO 2
    out.write(2);
    begin(out, DecoderSource.MODULE);
    writeText(out, "training");
    out.write(0x89); // NEWFALSE
    writeText(out, DecoderSource.DECODERS);
    out.writeBytes("]("); // EMPTY_LIST, MARK
    for (int i = 0; i < decoders; i++) {
      begin(out, DecoderSource.DECODER);
      for (DecoderSource.Attribute attribute : source.attributes()) {
        writeText(out, attribute.name());
        writeStart(out, attribute.type());
      }
      out.writeBytes("ub"); // SETITEMS, BUILD
    }
    out.writeBytes("eub."); // APPENDS, SETITEMS, BUILD, STOP
    return bytes.toByteArray();
  }

  /** An instance of a class without arguments, and the start of its state of named attributes. */
  private static void begin(DataOutputStream out, String className) throws IOException {
    out.writeBytes("c__torch__\n" + className + "\n)"); // GLOBAL, EMPTY_TUPLE
    out.write(0x81); // NEWOBJ
    out.writeBytes("}("); // EMPTY_DICT, MARK
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write('X'); // BINUNICODE
    out.writeInt(Integer.reverseBytes(utf8.length));
    out.write(utf8);
  }

  /** What an attribute is before it is set. */
  private static void writeStart(DataOutputStream out, String type) throws IOException {
    switch (type) {
      case "bool" -> out.write(0x89); // NEWFALSE
      case "int" -> {
        out.write('J'); // BININT
        out.writeInt(0);
      }
      case "float" -> {
        out.write('G'); // BINFLOAT
        out.writeDouble(0);
      }
      default -> out.write(']'); // EMPTY_LIST
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("kernels/" + name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
