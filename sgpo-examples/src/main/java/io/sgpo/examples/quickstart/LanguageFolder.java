package io.sgpo.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the tokenizer of the language in the Hugging Face layout: a word-level {@code
 * tokenizer.json}, and {@code tokenizer_config.json} with the chat template.
 */
public final class LanguageFolder {

  static final String CHAT_TEMPLATE =
      "{% for message in messages %}"
          + "{% if message['role'] == 'assistant' %}"
          + Vocabulary.ASSISTANT
          + "{% else %}"
          + Vocabulary.USER
          + "{% endif %}"
          + "{{ message['content'] }}"
          + Vocabulary.END
          + "{% endfor %}"
          + "{% if add_generation_prompt %}"
          + Vocabulary.ASSISTANT
          + "{% endif %}";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private LanguageFolder() {}

  /** Writes the files into an existing folder. */
  public static void write(Path folder) throws IOException {
    Files.write(folder.resolve("tokenizer.json"), JSON.writeValueAsBytes(tokenizer()));
    Files.write(folder.resolve("tokenizer_config.json"), JSON.writeValueAsBytes(settings()));
  }

  private static Map<String, Object> tokenizer() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("version", "1.0");
    file.put("truncation", null);
    file.put("padding", null);
    file.put("added_tokens", addedTokens());
    file.put("normalizer", null);
    file.put("pre_tokenizer", Map.of("type", "WhitespaceSplit"));
    file.put("post_processor", null);
    file.put("decoder", null);
    file.put("model", wordLevel());
    return file;
  }

  private static List<Map<String, Object>> addedTokens() {
    List<Map<String, Object>> tokens = new ArrayList<>();
    for (int id = 0; id < Vocabulary.SPECIAL.size(); id++) {
      Map<String, Object> token = new LinkedHashMap<>();
      token.put("id", id);
      token.put("content", Vocabulary.SPECIAL.get(id));
      token.put("single_word", false);
      token.put("lstrip", false);
      token.put("rstrip", false);
      token.put("normalized", false);
      token.put("special", true);
      tokens.add(token);
    }
    return tokens;
  }

  private static Map<String, Object> wordLevel() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String token : Vocabulary.tokens()) {
      ids.put(token, ids.size());
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "WordLevel");
    model.put("vocab", ids);
    model.put("unk_token", Vocabulary.UNKNOWN);
    return model;
  }

  private static Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("tokenizer_class", "PreTrainedTokenizerFast");
    settings.put("unk_token", Vocabulary.UNKNOWN);
    settings.put("eos_token", Vocabulary.END);
    settings.put("clean_up_tokenization_spaces", false);
    settings.put("chat_template", CHAT_TEMPLATE);
    return settings;
  }
}
