package io.sgpo.data;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Message;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.preference.PreferencePair;
import java.util.List;

/** Pairs whose prompt is what chosen and rejected begin with in common. */
final class ImplicitPrompt {

  private ImplicitPrompt() {}

  /** Of conversations: all turns but the last must be the same. */
  static PreferencePair ofTurns(Fields fields, List<Message> chosen, List<Message> rejected)
      throws DataException {
    String answer = Responses.answer(fields, "chosen", chosen);
    String other = Responses.answer(fields, "rejected", rejected);
    List<Message> prompt = chosen.subList(0, chosen.size() - 1);
    List<Message> otherPrompt = rejected.subList(0, rejected.size() - 1);
    if (prompt.isEmpty() && otherPrompt.isEmpty()) {
      throw fields.fault("prompt must be given, but is missing, and chosen has but one turn");
    }
    if (!prompt.equals(otherPrompt)) {
      throw fields.fault(
          "chosen and rejected must have the same turns before the last, but differ at turn "
              + firstDifference(prompt, otherPrompt));
    }
    if (prompt.get(prompt.size() - 1).role() == Message.Role.ASSISTANT) {
      throw fields.fault("the turn before the last must not be the assistant's, but is");
    }
    return PreferencePair.of(new Conversation(prompt), answer, other);
  }

  private static int firstDifference(List<Message> a, List<Message> b) {
    int i = 0;
    while (i < Math.min(a.size(), b.size()) && a.get(i).equals(b.get(i))) {
      i++;
    }
    return i + 1;
  }

  /**
   * Of texts: the longest common beginning, without the word that is cut in two where they part and
   * without the space before the completions.
   */
  static PreferencePair ofTexts(Fields fields, String chosen, String rejected)
      throws DataException {
    int cut = cut(chosen, rejected);
    if (cut == 0) {
      throw fields.fault(
          "prompt must be given, or chosen and rejected begin with the same words, but neither is"
              + " so");
    }
    return PreferencePair.of(
        new TextPrompt(chosen.substring(0, cut)), chosen.substring(cut), rejected.substring(cut));
  }

  private static int cut(String chosen, String rejected) {
    // Leave at least one character to each.
    int limit = Math.min(chosen.length(), rejected.length()) - 1;
    int cut = 0;
    while (cut < limit && chosen.charAt(cut) == rejected.charAt(cut)) {
      cut++;
    }
    int apart = cut;
    while (cut > 0 && (isInsideWord(chosen, cut) || isInsideWord(rejected, cut))) {
      cut--;
    }
    cut = cut == 0 ? apart : cut;
    return cut > 1 && chosen.charAt(cut - 1) == ' ' ? cut - 1 : cut;
  }

  private static boolean isInsideWord(String text, int position) {
    char before = text.charAt(position - 1);
    char after = text.charAt(position);
    return Character.isHighSurrogate(before)
        || (Character.isLetterOrDigit(before) && Character.isLetterOrDigit(after));
  }
}
