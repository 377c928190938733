package io.sgpo.tabular;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.AdamW;
import io.sgpo.train.ArrayAdamW;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tabular policy as JSON. Numbers are written so that reading gives the same double back.
 *
 * <p>{@code {"format": "sgpo-tabular-1", "rows": [{"prompt": {"messages": [...]}, "candidates":
 * ["..."], "logits": [0.0]}], "optimizer": {...}}}, the optimizer only in a captured state. A
 * follower's own table adds {@code followerLogits} to every row and a {@code followerOptimizer}.
 */
final class TableJson {

  static final String FORMAT = "sgpo-tabular-1";

  /** The leader's, or those of both roles, and the follower's. */
  private static final List<String> LOGITS = List.of("logits", "followerLogits");

  private static final List<String> OPTIMIZERS = List.of("optimizer", "followerOptimizer");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A table and its parameters: the leader's, and the follower's if it has some of its own. */
  record Weights(Table table, List<double[]> logits) {}

  private TableJson() {}

  /** A text that is equal exactly for equal prompts. */
  static String canonical(Prompt prompt) {
    return prompt(prompt).toString();
  }

  static ObjectNode weights(Table table, List<double[]> logits) {
    ObjectNode root = JSON.objectNode().put("format", FORMAT);
    ArrayNode rows = root.putArray("rows");
    for (Table.Row row : table.rows()) {
      ObjectNode node = rows.addObject();
      node.set("prompt", prompt(row.prompt()));
      ArrayNode candidates = node.putArray("candidates");
      row.candidates().forEach(candidate -> candidates.add(candidate.text()));
      for (int p = 0; p < logits.size(); p++) {
        int end = row.offset() + row.size();
        node.set(LOGITS.get(p), numbers(Arrays.copyOfRange(logits.get(p), row.offset(), end)));
      }
    }
    return root;
  }

  static void addOptimizers(ObjectNode root, List<ArrayAdamW.State> states) {
    for (int p = 0; p < states.size(); p++) {
      root.set(OPTIMIZERS.get(p), optimizer(states.get(p)));
    }
  }

  private static ObjectNode optimizer(ArrayAdamW.State state) {
    AdamW settings = state.settings();
    ObjectNode node = JSON.objectNode();
    node.put("beta1", settings.beta1()).put("beta2", settings.beta2());
    node.put("epsilon", settings.epsilon()).put("weightDecay", settings.weightDecay());
    node.put("step", state.step());
    node.set("firstMoment", numbers(state.firstMoment()));
    node.set("secondMoment", numbers(state.secondMoment()));
    return node;
  }

  static void write(Path file, JsonNode root) throws IOException {
    Files.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
  }

  /**
   * @throws IOException if the file is missing, no JSON object, or of another format
   */
  static JsonNode read(Path file) throws IOException {
    JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
    String format = root == null ? "" : root.path("format").asText();
    if (!format.equals(FORMAT)) {
      throw new IOException(
          file + ": format must be \"" + FORMAT + "\", but was \"" + format + "\"");
    }
    return root;
  }

  /**
   * @throws IllegalArgumentException if a field is missing, of another type or outside its domain
   */
  static Weights parseWeights(JsonNode root) {
    Map<Prompt, List<Response>> candidates = new LinkedHashMap<>();
    List<Map<Prompt, double[]>> logits = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
    boolean both = root.path("rows").path(0).has(LOGITS.get(1));
    for (JsonNode row : field(root, "rows")) {
      Prompt prompt = parsePrompt(field(row, "prompt"));
      List<Response> texts = new ArrayList<>();
      field(row, "candidates").forEach(text -> texts.add(Response.of(text(text))));
      if (candidates.put(prompt, texts) != null) {
        throw new IllegalArgumentException("prompts must differ, but one occurs twice: " + prompt);
      }
      for (int p = 0; p < (both ? 2 : 1); p++) {
        logits.get(p).put(prompt, parseNumbers(field(row, LOGITS.get(p))));
      }
    }
    Table table = Table.of(candidates);
    List<double[]> flat = new ArrayList<>();
    for (Map<Prompt, double[]> part : logits.subList(0, both ? 2 : 1)) {
      flat.add(TabularPolicy.flatten(table, part));
    }
    return new Weights(table, flat);
  }

  /**
   * @throws IllegalArgumentException if a field is missing, of another type or outside its domain
   */
  static List<ArrayAdamW.State> parseOptimizers(JsonNode root, int count) {
    List<ArrayAdamW.State> states = new ArrayList<>();
    for (String name : OPTIMIZERS.subList(0, count)) {
      states.add(parseOptimizer(field(root, name)));
    }
    return states;
  }

  private static ArrayAdamW.State parseOptimizer(JsonNode node) {
    AdamW settings =
        new AdamW(
            number(field(node, "beta1")),
            number(field(node, "beta2")),
            number(field(node, "epsilon")),
            number(field(node, "weightDecay")));
    return new ArrayAdamW.State(
        settings,
        field(node, "step").asLong(-1),
        parseNumbers(field(node, "firstMoment")),
        parseNumbers(field(node, "secondMoment")));
  }

  private static ObjectNode prompt(Prompt prompt) {
    ObjectNode node = JSON.objectNode();
    if (prompt instanceof Conversation conversation) {
      ArrayNode messages = node.putArray("messages");
      for (Message message : conversation.messages()) {
        messages
            .addObject()
            .put("role", message.role().templateName())
            .put("content", message.content());
      }
    } else if (prompt instanceof TextPrompt text) {
      node.put("text", text.text());
    } else if (prompt instanceof TokenPrompt token) {
      ArrayNode tokens = node.putArray("tokens");
      token.tokens().stream().forEach(tokens::add);
    }
    return node;
  }

  private static Prompt parsePrompt(JsonNode node) {
    if (node.has("text")) {
      return new TextPrompt(text(field(node, "text")));
    }
    if (node.has("tokens")) {
      double[] ids = parseNumbers(field(node, "tokens"));
      return new TokenPrompt(Tokens.of(Arrays.stream(ids).mapToInt(id -> (int) id).toArray()));
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : field(node, "messages")) {
      messages.add(
          new Message(
              Message.Role.of(text(field(message, "role"))), text(field(message, "content"))));
    }
    return new Conversation(messages);
  }

  private static ArrayNode numbers(double[] values) {
    ArrayNode node = JSON.arrayNode();
    for (double value : values) {
      node.add(value);
    }
    return node;
  }

  private static double[] parseNumbers(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(node.get(i));
    }
    return values;
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the field \"" + name + "\" must be there");
    }
    return value;
  }

  private static double number(JsonNode node) {
    if (!node.isNumber()) {
      throw new IllegalArgumentException("a number was expected, but there was " + node);
    }
    return node.doubleValue();
  }

  private static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("a string was expected, but there was " + node);
    }
    return node.textValue();
  }
}
