package io.sgpo.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** A model of the test resources and its golden values. */
record GoldenModel(Path folder, JsonNode golden) {

  static final List<String> NAMES =
      List.of(
          "llama-untied-gqa",
          "llama-tied-sharded",
          "llama3-rope-bf16",
          "llama-linear-rope-bias",
          "mistral-sliding",
          "qwen2-tied-f16",
          "qwen3-headdim",
          "phi3",
          "gemma",
          "gemma2",
          "gpt2");

  /** One thread: nothing here is large enough for two. */
  static final CausalLmOptions OPTIONS = CausalLmOptions.DEFAULT.withThreads(1);

  static final String SMALL = NAMES.get(0);

  static GoldenModel of(String name) {
    return of(folder(name), folder(name).resolve("golden.json"));
  }

  static GoldenModel of(Path folder, Path golden) {
    try {
      return new GoldenModel(folder, new ObjectMapper().readTree(golden.toFile()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Path folder(String name) {
    URL url = GoldenModel.class.getResource("/golden/models/" + name + "/golden.json");
    try {
      return Path.of(Objects.requireNonNull(url, name).toURI()).resolveSibling("").normalize();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  CausalLm load() {
    try {
      return CausalLm.load(folder, OPTIONS);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  /** The ids of a padded row where its mask is set. */
  static int[] real(JsonNode ids, JsonNode mask) {
    int[] all = ints(ids);
    int[] kept = ints(mask);
    return IntStream.range(0, all.length).filter(i -> kept[i] == 1).map(i -> all[i]).toArray();
  }

  static Exchange exchange(int[] ids, int promptLength) {
    return new Exchange(
        TokenPrompt.of(Arrays.copyOf(ids, promptLength)),
        Response.ofTokens(Tokens.of(Arrays.copyOfRange(ids, promptLength, ids.length))));
  }

  /** The rows of the {@code dpo} batch: the first half chosen, the second half rejected. */
  List<TrainingItem> dpoItems() {
    JsonNode dpo = golden.get("dpo");
    List<TrainingItem> items = new ArrayList<>();
    for (int i = 0; i < dpo.get("input_ids").size(); i++) {
      int[] ids = real(dpo.get("input_ids").get(i), dpo.get("attention_mask").get(i));
      int response = Arrays.stream(ints(dpo.get("completion_mask").get(i))).sum();
      items.add(TrainingItem.of(exchange(ids, ids.length - response)));
    }
    return items;
  }
}
