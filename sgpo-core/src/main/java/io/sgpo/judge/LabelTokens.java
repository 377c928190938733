package io.sgpo.judge;

import io.sgpo.dialogue.Tokens;
import io.sgpo.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How a model may write the verdicts A and B in tokens: upper or lower case, with or without a
 * space before it, at the start of a text or within it. No way of writing is the beginning of
 * another, so their probabilities add up.
 *
 * @param first the ways to write A, at least one
 * @param second the ways to write B, at least one
 */
public record LabelTokens(List<Tokens> first, List<Tokens> second) {

  /** What a label is read after, so that its tokens are those within a text. */
  private static final List<String> CONTEXTS = List.of("", "\n", ":");

  /**
   * @throws IllegalArgumentException if a label has no tokens, or both can be written alike
   */
  public LabelTokens {
    first = shortest(first);
    second = shortest(second);
    if (first.isEmpty() || second.isEmpty()) {
      throw new IllegalArgumentException("both labels must have tokens, but one has none");
    }
    for (Tokens one : first) {
      for (Tokens other : second) {
        if (isPrefix(one, other) || isPrefix(other, one)) {
          throw new IllegalArgumentException(
              "the labels' tokens must tell them apart, but they were " + one + " and " + other);
        }
      }
    }
  }

  /**
   * The ways in which a tokenizer writes A and B.
   *
   * @throws IllegalArgumentException if it writes both alike
   */
  public static LabelTokens of(Tokenizer tokenizer) {
    return new LabelTokens(
        ways(tokenizer, "A", " A", "a", " a"), ways(tokenizer, "B", " B", "b", " b"));
  }

  private static List<Tokens> ways(Tokenizer tokenizer, String... texts) {
    Set<Tokens> ways = new LinkedHashSet<>();
    for (String context : CONTEXTS) {
      Tokens before = tokenizer.encode(context);
      for (String text : texts) {
        Tokens whole = tokenizer.encode(context + text);
        if (isPrefix(before, whole) && whole.size() > before.size()) {
          ways.add(Tokens.of(Arrays.copyOfRange(whole.toArray(), before.size(), whole.size())));
        }
      }
    }
    return List.copyOf(ways);
  }

  /** Those that do not begin with another one, in order. */
  private static List<Tokens> shortest(List<Tokens> ways) {
    List<Tokens> kept = new ArrayList<>();
    for (Tokens way : new LinkedHashSet<>(ways)) {
      boolean longer = ways.stream().anyMatch(other -> !other.equals(way) && isPrefix(other, way));
      if (!longer && !way.isEmpty()) {
        kept.add(way);
      }
    }
    return List.copyOf(kept);
  }

  private static boolean isPrefix(Tokens prefix, Tokens whole) {
    return prefix.size() <= whole.size()
        && Arrays.equals(prefix.toArray(), Arrays.copyOf(whole.toArray(), prefix.size()));
  }
}
