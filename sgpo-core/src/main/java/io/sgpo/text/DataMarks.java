package io.sgpo.text;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Marks special tokens written inside data, so that they can be told from those of a template after
 * rendering: the first character of each is exchanged for a noncharacter of its own.
 */
final class DataMarks {

  private static final char FIRST = '\uFDD0';
  private static final char LAST = '\uFDED';

  private final SpecialTokens specials;
  private final String avoided;
  private final Map<Character, Character> markOf = new HashMap<>();
  private final Map<Character, Character> originalOf = new HashMap<>();
  private char next = FIRST;

  /**
   * @param avoided a text whose characters cannot serve as marks
   */
  DataMarks(SpecialTokens specials, String avoided) {
    this.specials = specials;
    this.avoided = avoided;
    if (avoided.indexOf(SpecialTokens.STAND_IN_OPEN) >= 0) {
      throw new RenderingException(
          "text that holds special tokens must not hold the noncharacter U+FDEE as well");
    }
  }

  /** The text with its special tokens marked. */
  String mark(String data) {
    StringBuilder marked = new StringBuilder(data);
    for (int i = 0; i < data.length(); i++) {
      Optional<String> token = specials.at(data, i);
      if (token.isPresent()) {
        marked.setCharAt(i, markOf.computeIfAbsent(data.charAt(i), this::newMark));
      }
    }
    return marked.toString();
  }

  /** The text without marks. */
  String unmark(String text) {
    StringBuilder original = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      original.setCharAt(i, originalOf.getOrDefault(text.charAt(i), text.charAt(i)));
    }
    return original.toString();
  }

  private char newMark(char original) {
    while (next <= LAST && avoided.indexOf(next) >= 0) {
      next++;
    }
    if (next > LAST) {
      throw new RenderingException(
          "text holds special tokens and too many noncharacters U+FDD0..U+FDED to mark them");
    }
    originalOf.put(next, original);
    return next++;
  }
}
