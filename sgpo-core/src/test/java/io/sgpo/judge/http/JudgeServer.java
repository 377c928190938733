package io.sgpo.judge.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An endpoint on this machine that answers as a test says. */
final class JudgeServer implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  /** Answers a request, whose body has been read. */
  interface Behaviour {
    void answer(HttpExchange exchange, JsonNode request) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
  private volatile Behaviour behaviour;

  JudgeServer(Behaviour behaviour) {
    this.behaviour = behaviour;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/chat/completions", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    requests.add(request);
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    behaviour.answer(exchange, request);
    exchange.close();
  }

  URI url() {
    String host = InetAddress.getLoopbackAddress().getHostAddress();
    return URI.create("http://" + host + ":" + server.getAddress().getPort() + "/v1");
  }

  void behave(Behaviour value) {
    behaviour = value;
  }

  List<JsonNode> requests() {
    return requests;
  }

  List<String> authorizations() {
    return authorizations;
  }

  static String question(JsonNode request) {
    return request.get("messages").get(0).get("content").asText();
  }

  static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** A completion of that text. */
  static ObjectNode completion(String text) {
    ObjectNode root = JSON.createObjectNode();
    root.put("id", "1").put("object", "chat.completion").put("created", 1).put("model", "m");
    ObjectNode choice = root.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", text);
    return root;
  }

  /** A completion of one token with the log-probabilities of candidates: token, number, …. */
  static ObjectNode completion(String token, Object... candidates) {
    ObjectNode root = completion(token.strip());
    ObjectNode choice = (ObjectNode) root.get("choices").get(0);
    ObjectNode place = choice.putObject("logprobs").putArray("content").addObject();
    place.put("token", token).put("logprob", -0.1);
    ArrayNode top = place.putArray("top_logprobs");
    for (int i = 0; i < candidates.length; i += 2) {
      ObjectNode candidate = top.addObject().put("token", (String) candidates[i]);
      candidate.set("logprob", JSON.valueToTree(candidates[i + 1]));
    }
    return root;
  }

  static Behaviour always(ObjectNode completion) {
    return (exchange, request) -> respond(exchange, 200, completion.toString());
  }

  static Behaviour always(int status, String body) {
    return (exchange, request) -> respond(exchange, status, body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
