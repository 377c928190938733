package io.sgpo.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A small tokenizer made for tests: characters of ASCII, bytes for all others, merges for "th",
 * "the" and " t", four special tokens that are in the vocabulary ({@code <s>} and {@code </s>}) or
 * beside it ({@code <|im_start|>}, {@code <|im_end|>}), and {@code <think>}, which is added but not
 * special.
 */
public final class TestTokenizers {

  static final int BOS = 1;
  static final int EOS = 2;
  public static final String CHATML =
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' +"
          + " message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

  private static final ObjectMapper JSON = new ObjectMapper();

  private TestTokenizers() {}

  /** Writes the files of a model folder without weights. */
  public static Path write(Path folder, String template, List<Integer> eos) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    ObjectNode vocabulary = JSON.createObjectNode();
    List.of("<unk>", "<s>", "</s>").forEach(token -> vocabulary.put(token, vocabulary.size()));
    for (int b = 0; b < 256; b++) {
      vocabulary.put(String.format("<0x%02X>", b), vocabulary.size());
    }
    for (char c = 32; c < 127; c++) {
      vocabulary.put(String.valueOf(c), vocabulary.size());
    }
    List.of("th", "the", " t").forEach(token -> vocabulary.put(token, vocabulary.size()));
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE").put("unk_token", "<unk>").put("byte_fallback", true);
    model.put("fuse_unk", true);
    model.set("vocab", vocabulary);
    ArrayNode merges = model.putArray("merges");
    List.of("t h", "th e").forEach(merges::add);
    ArrayNode added = root.putArray("added_tokens");
    int next = vocabulary.size();
    add(added, 0, "<unk>", true);
    add(added, BOS, "<s>", true);
    add(added, EOS, "</s>", true);
    add(added, next, "<|im_start|>", true);
    add(added, next + 1, "<|im_end|>", true);
    add(added, next + 2, "<think>", false);
    ObjectNode decoder = root.putObject("decoder").put("type", "Sequence");
    ArrayNode decoders = decoder.putArray("decoders");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    Files.writeString(folder.resolve("tokenizer.json"), JSON.writeValueAsString(root));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        JSON.writeValueAsString(
            Map.of(
                "bos_token",
                "<s>",
                "eos_token",
                Map.of("content", "</s>"),
                "add_bos_token",
                true,
                "chat_template",
                template)));
    Files.writeString(
        folder.resolve("generation_config.json"),
        JSON.writeValueAsString(Map.of("bos_token_id", BOS, "eos_token_id", eos)));
    return folder;
  }

  private static void add(ArrayNode added, int id, String content, boolean special) {
    added
        .addObject()
        .put("id", id)
        .put("content", content)
        .put("special", special)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false);
  }
}
