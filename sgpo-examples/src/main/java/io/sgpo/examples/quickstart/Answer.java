package io.sgpo.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/**
 * What an answer says, read from its text alone.
 *
 * @param tone the tone of its first word
 * @param items the items it names, in order, repeated ones repeatedly
 * @param strays how many of its words serve nothing: fillers, rambling, openers in the wrong place,
 *     anything after the full stop
 * @param closed whether it ends with its only full stop
 */
record Answer(Tone tone, List<String> items, int strays, boolean closed) {

  static final String FULL_STOP = ".";

  Answer {
    items = List.copyOf(items);
  }

  /** Reads a text; every text is an answer, if only a bad one. */
  static Answer read(String text) {
    List<String> words = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    Tone tone = words.isEmpty() ? Tone.PLAIN : Tone.ofFirstWord(words.get(0));
    List<String> spoken = words.subList(tone == Tone.PLAIN ? 0 : 1, words.size());
    int stop = spoken.indexOf(FULL_STOP);
    List<String> said = stop < 0 ? spoken : spoken.subList(0, stop);
    List<String> items = new ArrayList<>();
    for (String word : said) {
      if (Topic.isItem(word)) {
        items.add(word);
      }
    }
    int afterStop = stop < 0 ? 0 : spoken.size() - stop - 1;
    return new Answer(
        tone, items, said.size() - items.size() + afterStop, stop >= 0 && afterStop == 0);
  }

  /** Distinct items that the request wants. */
  int right(Request request) {
    return (int) items.stream().distinct().filter(item -> wanted(request, item)).count();
  }

  /** Items that are off the topic, excluded or repeated. */
  int wrong(Request request) {
    return items.size() - right(request);
  }

  private static boolean wanted(Request request, String item) {
    return request.topic().contains(item) && !item.equals(request.excluded());
  }
}
