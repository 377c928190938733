package io.sgpo.dialogue;

import java.util.Objects;

/**
 * An answer to a prompt.
 *
 * <p>A response that a policy sampled carries the token ids it drew, the end-of-sequence token
 * included; those ids are what is scored and trained on. A response from a file has text only
 * ({@link #of}): the policy that scores it tokenises the text and closes the turn.
 *
 * @param text the decoded text, without special tokens
 * @param tokens the exact token ids, or {@link Tokens#EMPTY} when only the text is known
 * @param finish how the response ended
 */
public record Response(String text, Tokens tokens, Finish finish) {

  /** How a response ended. */
  public enum Finish {
    /** The policy produced an end-of-sequence token. */
    STOP,
    /** The policy reached the limit on new tokens or its context length. */
    LENGTH,
    /** It was given, not sampled. */
    GIVEN
  }

  public Response {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(finish, "finish");
  }

  /** A given response of which only the text is known. */
  public static Response of(String text) {
    return new Response(text, Tokens.EMPTY, Finish.GIVEN);
  }

  /** A given response of exactly these token ids; nothing is added to them. */
  public static Response ofTokens(Tokens tokens) {
    return new Response("", tokens, Finish.GIVEN);
  }

  /** Whether there is nothing in it: neither text nor tokens. */
  public boolean isEmpty() {
    return text.isEmpty() && tokens.isEmpty();
  }
}
