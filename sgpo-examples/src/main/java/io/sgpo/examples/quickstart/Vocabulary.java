package io.sgpo.examples.quickstart;

import io.sgpo.Refiner;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every word of the language with its token id: a token is a word. */
public final class Vocabulary {

  static final String UNKNOWN = "<|unknown|>";
  static final String USER = "<|user|>";
  static final String ASSISTANT = "<|assistant|>";
  static final String END = "<|end|>";

  /** The tokens that are no words, at the ids 0 to 3. */
  static final List<String> SPECIAL = List.of(UNKNOWN, USER, ASSISTANT, END);

  private static final List<String> TOKENS = List.copyOf(collect());

  private Vocabulary() {}

  /** All tokens; a token's id is its index. */
  public static List<String> tokens() {
    return TOKENS;
  }

  /** The id of the token that ends a turn. */
  public static int endId() {
    return SPECIAL.indexOf(END);
  }

  private static Set<String> collect() {
    Set<String> tokens = new LinkedHashSet<>(SPECIAL);
    tokens.addAll(Request.VERBS);
    tokens.addAll(Request.NUMBERS);
    addWords(tokens, Topic.ALL.stream().map(Topic::name).toList());
    Topic.ALL.forEach(topic -> tokens.addAll(topic.items()));
    addWords(tokens, List.of(Request.EXCLUSION));
    for (Tone tone : Tone.values()) {
      addWords(tokens, List.of(tone.asked(), tone.opener()));
    }
    tokens.addAll(ImperfectAuthor.FILLERS);
    addWords(tokens, List.of(ImperfectAuthor.RAMBLING, Answer.FULL_STOP));
    addWords(tokens, List.of(Refiner.IMPROVE_INSTRUCTION));
    return tokens;
  }

  private static void addWords(Set<String> tokens, Collection<String> texts) {
    for (String text : texts) {
      if (!text.isEmpty()) {
        tokens.addAll(List.of(text.split(" ", -1)));
      }
    }
  }
}
