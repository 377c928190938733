package io.sgpo.examples.quickstart;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a request can ask for, and the words that answer it.
 *
 * @param name the plural that requests use
 * @param items the words that belong to it; no word belongs to two topics
 */
record Topic(String name, List<String> items) {

  static final List<Topic> ALL =
      List.of(
          of("animals", "cat dog owl fox bear hare goat seal"),
          of("fruits", "plum pear fig lime peach mango melon grape"),
          of("colours", "red blue green pink grey teal brown white"),
          of("tools", "saw drill rake spade chisel pliers hammer wrench"),
          of("metals", "iron zinc tin copper nickel silver cobalt chrome"),
          of("flowers", "rose lily iris tulip daisy poppy orchid violet"),
          of("games", "chess darts bingo poker rugby polo golf tennis"),
          of("clothes", "hat coat scarf glove shirt sock boot vest"),
          of("drinks", "tea milk cider cocoa juice water coffee lemonade"),
          of("instruments", "harp flute drum viola cello organ banjo bugle"));

  private static final Map<String, Topic> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Topic::name, Function.identity()));

  private static final Map<String, Topic> BY_ITEM =
      ALL.stream()
          .flatMap(topic -> topic.items().stream().map(item -> Map.entry(item, topic)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  /**
   * The topic of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Topic named(String name) {
    Topic topic = BY_NAME.get(name);
    if (topic == null) {
      throw new IllegalArgumentException("topic must be a known plural, but was \"" + name + "\"");
    }
    return topic;
  }

  /** Whether the word is an item of some topic. */
  static boolean isItem(String word) {
    return BY_ITEM.containsKey(word);
  }

  boolean contains(String item) {
    return items.contains(item);
  }

  private static Topic of(String name, String items) {
    return new Topic(name, List.of(items.split(" ", -1)));
  }
}
