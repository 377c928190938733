package io.sgpo.text;

import io.sgpo.dialogue.Tokens;
import java.util.Arrays;

/**
 * Decodes ids as they are generated. Text is handed out once its characters are whole: the bytes of
 * a character that is spread over several tokens are held back until the last one is there. Not
 * thread-safe.
 */
public final class StreamingDecoder {

  private static final char REPLACEMENT = '\uFFFD';

  private final Tokenizer tokenizer;
  private int[] ids = new int[0];

  /** Ids before this one are context only: they make the decoder treat spaces rightly. */
  private int context;

  /** Ids before this one have been handed out. */
  private int done;

  /**
   * @param prompt the ids before the first one, so that its leading space is kept
   */
  public StreamingDecoder(Tokenizer tokenizer, Tokens prompt) {
    this.tokenizer = tokenizer;
    this.ids = prompt.toArray();
    this.context = Math.max(0, ids.length - 8);
    this.done = ids.length;
  }

  /** Takes the next id and returns the text that is now certain; may be empty. */
  public String append(int id) {
    ids = Arrays.copyOf(ids, ids.length + 1);
    ids[ids.length - 1] = id;
    String text = pending();
    if (text.isEmpty() || text.charAt(text.length() - 1) == REPLACEMENT) {
      return "";
    }
    context = done;
    done = ids.length;
    return text;
  }

  /** The rest, at the end: what is not a whole character is U+FFFD. */
  public String finish() {
    String text = pending();
    context = done;
    done = ids.length;
    return text;
  }

  private String pending() {
    String before = tokenizer.decode(Tokens.of(Arrays.copyOfRange(ids, context, done)), true);
    String now = tokenizer.decode(Tokens.of(Arrays.copyOfRange(ids, context, ids.length)), true);
    return now.length() > before.length() ? now.substring(before.length()) : "";
  }
}
