package io.sgpo.text;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one place where prompts and responses become token ids, so that what is sampled, scored and
 * trained on is the same.
 *
 * <ul>
 *   <li>A {@link Conversation} is rendered by the chat template and tokenised as a whole. Special
 *       tokens are recognised where the template wrote them; written inside a message they are
 *       ordinary text.
 *   <li>A {@link TextPrompt} is raw text for the model: special tokens in it are recognised, and
 *       the beginning-of-sequence id comes before it where the tokenizer adds one, never twice.
 *   <li>A {@link TokenPrompt} is its ids.
 *   <li>A response with token ids is exactly those. A response of text is rendered together with
 *       its prompt; it is the ids after the prompt's, up to and including the first end of
 *       sequence, which is added if there is none. If the prompt's ids are not the beginning of the
 *       whole, the exchange is refused. Special tokens written in a response are ordinary text.
 * </ul>
 *
 * <p>Thread-safe. Without a tokenizer, token ids only.
 */
public final class Renderer implements AutoCloseable {

  private final @Nullable Tokenizer tokenizer;
  private final ChatTemplate template;
  private final SpecialIds ids;

  private Renderer(@Nullable Tokenizer tokenizer, ChatTemplate template, SpecialIds ids) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.ids = ids;
  }

  /** A renderer that owns the tokenizer: closing it closes both. */
  public static Renderer of(Tokenizer tokenizer, ChatTemplate template) {
    return new Renderer(tokenizer, template, tokenizer.specialIds());
  }

  /**
   * The renderer of a model folder: its tokenizer, if it has one, and its chat template, or {@link
   * ChatTemplate#plain()} if it has none.
   *
   * @param clock read once, for templates that ask for the date; a fixed one makes runs repeatable
   * @throws io.sgpo.checkpoint.CheckpointException if a file of the folder is malformed
   */
  public static Renderer load(Path folder, Clock clock) throws IOException {
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      return new Renderer(null, ChatTemplate.plain(), SpecialIds.load(folder, SpecialIds.NONE));
    }
    Tokenizer tokenizer = Tokenizer.load(folder);
    try {
      Optional<ChatTemplate> own = ChatTemplate.load(folder, tokenizer.namedTokens(), clock);
      return of(tokenizer, own.orElseGet(ChatTemplate::plain));
    } catch (IOException | RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  /** As {@link #load(Path, Clock)}, with today's date. */
  public static Renderer load(Path folder) throws IOException {
    return load(folder, Clock.system(ZoneId.systemDefault()));
  }

  /** The tokenizer, if the model has one. */
  public Optional<Tokenizer> tokenizer() {
    return Optional.ofNullable(tokenizer);
  }

  /** The ids that begin and end sequences. */
  public SpecialIds specialIds() {
    return ids;
  }

  /**
   * The ids of a prompt, ending where the response begins.
   *
   * @throws RenderingException if the prompt cannot be rendered
   */
  public Tokens prompt(Prompt prompt) {
    if (prompt instanceof TokenPrompt given) {
      return given.tokens();
    }
    return begun(prompt, encode(prompted(prompt)));
  }

  /**
   * The ids of a prompt and of the response to it.
   *
   * @throws RenderingException if they cannot be rendered, or the prompt's ids are not the
   *     beginning of the whole
   */
  public RenderedExchange exchange(Exchange exchange) {
    Response response = exchange.response();
    if (!response.tokens().isEmpty()) {
      return new RenderedExchange(prompt(exchange.prompt()), response.tokens());
    }
    if (exchange.prompt() instanceof TokenPrompt) {
      throw new RenderingException(
          "a response to a prompt of token ids must be token ids, but was text");
    }
    return exchange(exchange.prompt(), response.text());
  }

  /** The text of a response's ids, such that it concatenates with that of the prompt's. */
  public String text(Tokens prompt, Tokens response) {
    return tokenizer == null ? "" : tokenizer.decodeContinuation(prompt, response);
  }

  private RenderedExchange exchange(Prompt prompt, String answer) {
    Marked before = prompted(prompt);
    Marked whole = answered(prompt, answer);
    if (!whole.text.startsWith(before.text)) {
      throw new RenderingException(
          "the prompt must be the beginning of prompt and response, but the chat template renders"
              + " them differently");
    }
    boolean apart = before.isMarked() || whole.isMarked();
    Tokens promptIds = begun(prompt, apart ? encodeApart(before) : encode(before));
    Tokens wholeIds = begun(prompt, apart ? encodeApart(whole) : encode(whole));
    int length = promptIds.size();
    if (!isPrefix(promptIds, wholeIds)) {
      throw new RenderingException(
          "the tokens of the prompt must be the beginning of those of prompt and response, but they"
              + " merge into each other; begin the response with a space or end the prompt"
              + " elsewhere");
    }
    int[] suffix = Arrays.copyOfRange(wholeIds.toArray(), length, wholeIds.size());
    return new RenderedExchange(promptIds, ended(suffix));
  }

  private static boolean isPrefix(Tokens prefix, Tokens whole) {
    return prefix.size() <= whole.size()
        && Arrays.equals(prefix.toArray(), Arrays.copyOf(whole.toArray(), prefix.size()));
  }

  /** The ids up to the first end of sequence, which is added if there is none. */
  private Tokens ended(int[] response) {
    for (int i = 0; i < response.length; i++) {
      if (ids.isEnd(response[i])) {
        return Tokens.of(Arrays.copyOf(response, i + 1));
      }
    }
    int[] ended = Arrays.copyOf(response, response.length + 1);
    ended[response.length] =
        ids.endOfSequence()
            .orElseThrow(
                () ->
                    new RenderingException(
                        "a response of text needs an end of sequence, but the model names none"));
    return Tokens.of(ended);
  }

  /** With the beginning of sequence that raw text is read with. */
  private Tokens begun(Prompt prompt, Tokens tokens) {
    boolean raw = prompt instanceof TextPrompt || template.isRaw();
    if (!raw || !required().addsBos()) {
      return tokens;
    }
    int bos = ids.bos().orElseThrow();
    boolean has = !tokens.isEmpty() && tokens.get(0) == bos;
    return has ? tokens : Tokens.of(bos).concat(tokens);
  }

  private Marked prompted(Prompt prompt) {
    if (prompt instanceof Conversation conversation) {
      List<Message> messages = conversation.messages();
      return marked(data -> template.render(mapped(messages, data), true));
    }
    return marked(data -> text(prompt));
  }

  private Marked answered(Prompt prompt, String answer) {
    if (prompt instanceof Conversation conversation) {
      List<Message> messages = ChatTemplate.answered(conversation.messages(), answer);
      return marked(data -> template.render(mapped(messages, data), false));
    }
    return marked(data -> text(prompt) + data.apply(answer));
  }

  private static String text(Prompt prompt) {
    return ((TextPrompt) prompt).text();
  }

  private static List<Message> mapped(List<Message> messages, UnaryOperator<String> data) {
    return messages.stream()
        .map(message -> new Message(message.role(), data.apply(message.content())))
        .toList();
  }

  /**
   * A rendered text.
   *
   * @param text as the model shall read it
   * @param standIns the same with stand-ins for the special tokens of the template; null if no data
   *     holds a special token, and the text can be tokenised as it is
   */
  private record Marked(String text, @Nullable String standIns) {
    boolean isMarked() {
      return standIns != null;
    }
  }

  /** Renders, and once more with marked data if data holds special tokens. */
  private Marked marked(Function<UnaryOperator<String>, String> rendering) {
    SpecialTokens specials = required().specials();
    boolean[] found = {false};
    String text =
        rendering.apply(
            data -> {
              found[0] |= specials.occurIn(data);
              return data;
            });
    if (!found[0]) {
      return new Marked(text, null);
    }
    DataMarks marks = new DataMarks(specials, text);
    String marked = rendering.apply(marks::mark);
    if (!marks.unmark(marked).equals(text)) {
      throw new RenderingException(
          "a message holds the text of a special token, on which the chat template depends");
    }
    return new Marked(text, marks.unmark(specials.replaceByStandIns(marked)));
  }

  private Tokens encode(Marked rendered) {
    return rendered.isMarked() ? encodeApart(rendered) : required().encode(rendered.text);
  }

  private Tokens encodeApart(Marked rendered) {
    String standIns = rendered.standIns;
    return required()
        .encodeWithStandIns(
            standIns == null ? required().specials().replaceByStandIns(rendered.text) : standIns);
  }

  private Tokenizer required() {
    if (tokenizer == null) {
      throw new RenderingException(
          "text needs a tokenizer, but the model folder has no tokenizer.json; use token ids");
    }
    return tokenizer;
  }

  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
