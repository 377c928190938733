package io.sgpo.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.dialogue.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model's own tokenizer, from its {@code tokenizer.json}. It never truncates or pads, and adds no
 * special token by itself. Thread-safe; whoever loaded it closes it, which frees native memory.
 */
public final class Tokenizer implements AutoCloseable {

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD");

  private static final List<String> TOKEN_NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "pad_token",
          "sep_token",
          "cls_token",
          "mask_token");

  /** How many ids of context a continuation is decoded with. */
  private static final int DECODING_CONTEXT = 8;

  private final Path file;
  private final JsonNode json;
  private final HuggingFaceTokenizer plain;
  private final SpecialTokens specials;
  private final Map<String, String> names;
  private final SpecialIds ids;
  private final boolean addsBos;

  /** With special tokens renamed; made when first needed. */
  private @Nullable HuggingFaceTokenizer renamed;

  private Tokenizer(Path folder, Path file, JsonNode json, HuggingFaceTokenizer plain)
      throws IOException {
    this.file = file;
    this.json = json;
    this.plain = plain;
    this.specials = SpecialTokens.of(file, json);
    JsonNode config = JsonFiles.readOptional(folder.resolve("tokenizer_config.json"));
    this.names = names(config, JsonFiles.readOptional(folder.resolve("special_tokens_map.json")));
    this.ids =
        SpecialIds.load(folder, new SpecialIds(named("bos_token"), setOf(named("eos_token"))));
    this.addsBos = addsBos(config);
  }

  /**
   * Loads the tokenizer of a model folder: {@code tokenizer.json}, and what {@code
   * tokenizer_config.json}, {@code special_tokens_map.json}, {@code generation_config.json} and
   * {@code config.json} say of special tokens.
   *
   * @throws CheckpointException if {@code tokenizer.json} is missing or a file is malformed
   */
  public static Tokenizer load(Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    if (!Files.exists(file)) {
      throw new CheckpointException(
          file, null, "is missing: the model has no tokenizer in this format");
    }
    JsonNode json = JsonFiles.readOptional(file);
    if (json instanceof ObjectNode root) {
      root.putNull("truncation");
      root.putNull("padding");
    }
    HuggingFaceTokenizer plain = create(file, JsonFiles.write(json));
    try {
      return new Tokenizer(folder, file, json, plain);
    } catch (IOException | RuntimeException | Error e) {
      plain.close();
      throw e;
    }
  }

  private static HuggingFaceTokenizer create(Path file, String json) throws IOException {
    try {
      return HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), OPTIONS);
    } catch (RuntimeException e) {
      throw new CheckpointException(
          file, null, "must be a tokenizer of Hugging Face tokenizers, but " + e.getMessage(), e);
    }
  }

  private static Map<String, String> names(JsonNode config, JsonNode map) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : TOKEN_NAMES) {
      JsonNode value = config.hasNonNull(name) ? config.path(name) : map.path(name);
      JsonNode content = value.isObject() ? value.path("content") : value;
      if (content.isTextual()) {
        names.put(name, content.textValue());
      }
    }
    return names;
  }

  private OptionalInt named(String name) {
    String token = names.get(name);
    if (token == null) {
      return OptionalInt.empty();
    }
    Integer id = specials.ids().get(token);
    if (id != null) {
      return OptionalInt.of(id);
    }
    int[] encoded = encode(token).toArray();
    return encoded.length == 1 ? OptionalInt.of(encoded[0]) : OptionalInt.empty();
  }

  private static Set<Integer> setOf(OptionalInt id) {
    return id.isPresent() ? Set.of(id.getAsInt()) : Set.of();
  }

  private boolean addsBos(JsonNode config) {
    if (ids.bos().isEmpty()) {
      return false;
    }
    if (config.path("add_bos_token").isBoolean()) {
      return config.path("add_bos_token").booleanValue();
    }
    long[] probe = plain.encode("a", true, false).getIds();
    return probe.length > 1 && probe[0] == ids.bos().getAsInt();
  }

  /** The ids that begin and end sequences. */
  public SpecialIds specialIds() {
    return ids;
  }

  /** Whether a raw text is read with the beginning of a sequence before it. */
  public boolean addsBos() {
    return addsBos;
  }

  /** The texts that templates know as {@code bos_token}, {@code eos_token} and so on. */
  public Map<String, String> namedTokens() {
    return Map.copyOf(names);
  }

  SpecialTokens specials() {
    return specials;
  }

  /**
   * The ids of a text; special tokens written in it are recognised, none is added.
   *
   * @throws RenderingException if the text holds an unpaired surrogate, naming its position
   */
  public Tokens encode(String text) {
    return encode(plain, text);
  }

  /**
   * As {@link #encode}, of a text in which {@linkplain SpecialTokens#standIn stand-ins} are special
   * tokens and nothing else is.
   */
  Tokens encodeWithStandIns(String text) {
    return encode(renamed(), text);
  }

  private synchronized HuggingFaceTokenizer renamed() {
    HuggingFaceTokenizer tokenizer = renamed;
    if (tokenizer == null) {
      try {
        tokenizer = create(file, specials.renamed(json));
      } catch (IOException e) {
        throw new RenderingException(
            file + ": cannot keep special tokens in contents apart: " + e.getMessage(), e);
      }
      requireSameIds(tokenizer);
      renamed = tokenizer;
    }
    return tokenizer;
  }

  private void requireSameIds(HuggingFaceTokenizer tokenizer) {
    specials
        .ids()
        .forEach(
            (token, id) -> {
              Tokens encoded = encode(tokenizer, SpecialTokens.standIn(id));
              if (!encoded.stream().anyMatch(found -> found == id)) {
                tokenizer.close();
                throw new RenderingException(
                    file
                        + ": cannot keep special tokens in contents apart: \""
                        + token
                        + "\" does not keep its id "
                        + id
                        + " under another name");
              }
            });
  }

  private static Tokens encode(HuggingFaceTokenizer tokenizer, String text) {
    requirePairedSurrogates(text);
    if (text.isEmpty()) {
      return Tokens.EMPTY;
    }
    long[] encoded = tokenizer.encode(text, false, false).getIds();
    return Tokens.of(Arrays.stream(encoded).mapToInt(Math::toIntExact).toArray());
  }

  private static void requirePairedSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (Character.isSurrogate(c) && !pair) {
        throw new RenderingException(
            String.format(
                "text must not hold unpaired surrogates, but character %d was U+%04X", i, (int) c));
      }
      i += pair ? 1 : 0;
    }
  }

  /**
   * The text of ids. Bytes that do not form a whole character decode to U+FFFD.
   *
   * @param skipSpecial whether special tokens are left out
   */
  public String decode(Tokens tokens, boolean skipSpecial) {
    if (tokens.isEmpty()) {
      return "";
    }
    return plain.decode(tokens.stream().asLongStream().toArray(), skipSpecial);
  }

  /**
   * The text that ids add after others, without special tokens. Where a decoder drops the space
   * that begins a text, it is kept here: the prompt's text and this one concatenate.
   */
  public String decodeContinuation(Tokens before, Tokens tokens) {
    int[] all = before.toArray();
    Tokens context =
        Tokens.of(Arrays.copyOfRange(all, Math.max(0, all.length - DECODING_CONTEXT), all.length));
    String prefix = decode(context, true);
    String whole = decode(context.concat(tokens), true);
    return whole.startsWith(prefix) ? whole.substring(prefix.length()) : decode(tokens, true);
  }

  @Override
  public synchronized void close() {
    plain.close();
    if (renamed != null) {
      renamed.close();
      renamed = null;
    }
  }
}
