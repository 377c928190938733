package io.sgpo.lm;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Response.Finish;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.text.RenderedExchange;
import io.sgpo.text.Renderer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prompts and responses as ids that the model can read. Shared by a policy and its references: the
 * last to release it closes the renderer.
 */
final class Encoder {

  private final @Nullable Renderer renderer;
  private final int vocabulary;
  private final int maxPositions;
  private final OptionalInt padding;
  private int holders = 1;

  /**
   * @param renderer null for a model of token ids only
   */
  Encoder(@Nullable Renderer renderer, ModelConfig config) {
    this.renderer = renderer;
    this.vocabulary = config.vocabularySize();
    this.maxPositions = config.maxPositions();
    this.padding = config.padding();
  }

  synchronized Encoder retain() {
    holders++;
    return this;
  }

  synchronized void release() {
    holders--;
    if (holders == 0 && renderer != null) {
      renderer.close();
    }
  }

  /** The end-of-sequence ids that the renderer knows of. */
  static Set<Integer> endOfSequence(@Nullable Renderer renderer) {
    return renderer == null ? Set.of() : renderer.specialIds().eos();
  }

  /**
   * The ids of prompts.
   *
   * @throws IllegalArgumentException naming the row of a prompt that cannot be read
   */
  List<int[]> prompts(List<? extends Prompt> prompts) {
    List<int[]> all = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      String where = "prompt " + i;
      Tokens tokens = prompt(prompts.get(i), where);
      all.add(checked(tokens.toArray(), where));
    }
    return all;
  }

  /**
   * The ids of an exchange.
   *
   * @param where what messages call it
   * @throws IllegalArgumentException naming it if it cannot be read
   */
  Row row(Exchange exchange, String where) {
    RenderedExchange rendered = render(exchange, where);
    return new Row(checked(rendered.all().toArray(), where), rendered.prompt().size());
  }

  /**
   * The ids of an exchange that is scored as a whole, up to the last that is no padding, which is
   * the one that transformers' sequence classifiers read. A response to a prompt of text is read by
   * its text, whoever drew it and with whichever tokenizer.
   *
   * @param where what messages call it
   * @throws IllegalArgumentException naming it if it cannot be read
   */
  Row whole(Exchange exchange, String where) {
    boolean ids = exchange.prompt() instanceof TokenPrompt;
    Response text = ids ? exchange.response() : Response.of(exchange.response().text());
    RenderedExchange rendered = render(new Exchange(exchange.prompt(), text), where);
    int[] all = checked(rendered.all().toArray(), where);
    int length = all.length;
    while (length > 1 && padding.isPresent() && all[length - 1] == padding.getAsInt()) {
      length--;
    }
    int prompt = Math.min(rendered.prompt().size(), length);
    return new Row(Arrays.copyOf(all, length), prompt, true);
  }

  /** The text of a response. */
  String text(Tokens prompt, Tokens response) {
    return renderer == null ? "" : renderer.text(prompt, response);
  }

  private Tokens prompt(Prompt prompt, String where) {
    if (prompt instanceof TokenPrompt given) {
      return given.tokens();
    }
    try {
      return required().prompt(prompt);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  private RenderedExchange render(Exchange exchange, String where) {
    Response response = exchange.response();
    boolean drawn = !response.tokens().isEmpty() || response.finish() != Finish.GIVEN;
    boolean ids = exchange.prompt() instanceof TokenPrompt && response.text().isEmpty();
    if (drawn || ids) {
      return new RenderedExchange(prompt(exchange.prompt(), where), response.tokens());
    }
    try {
      return required().exchange(exchange);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  private Renderer required() {
    if (renderer == null) {
      throw new IllegalArgumentException(
          "text needs a tokenizer, but the model has none; use a TokenPrompt and responses of"
              + " tokens");
    }
    return renderer;
  }

  private int[] checked(int[] ids, String where) {
    if (ids.length == 0) {
      throw new IllegalArgumentException(where + ": must have at least one token, but has none");
    }
    if (ids.length > maxPositions) {
      throw new IllegalArgumentException(
          "%s: must have at most %d tokens (max_position_embeddings), but has %d"
              .formatted(where, maxPositions, ids.length));
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "%s: token ids must be < %d (vocab_size), but id %d was %d"
                .formatted(where, vocabulary, i, ids[i]));
      }
    }
    return ids;
  }
}
