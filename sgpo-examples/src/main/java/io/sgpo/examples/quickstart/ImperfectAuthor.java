package io.sgpo.examples.quickstart;

import java.util.List;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;

/**
 * Writes the answers of the pretraining corpus: in the language, mostly to the point, and with
 * every fault that the rubric knows. Faults are independent of each other, so that nothing in an
 * answer's first words tells how good its rest will be. Stateless.
 */
final class ImperfectAuthor {

  static final List<String> FILLERS = List.of("um", "er", "well", "maybe");
  static final String RAMBLING = "and so on";

  private static final double COUNTS_RIGHT = 0.5;
  private static final int LARGEST_COUNT = 6;
  private static final double ON_TOPIC = 0.75;
  private static final double HESITATES = 0.15;
  private static final double RAMBLES = 0.25;
  private static final double HEARS_TONE = 0.25;

  private ImperfectAuthor() {}

  /** An answer to the request. */
  static String answer(Request request, RandomGenerator random) {
    StringJoiner words = new StringJoiner(" ");
    Tone tone = random.nextDouble() < HEARS_TONE ? request.tone() : pick(TONES, random);
    if (tone != Tone.PLAIN) {
      words.add(tone.opener());
    }
    int count =
        random.nextDouble() < COUNTS_RIGHT ? request.count() : 1 + random.nextInt(LARGEST_COUNT);
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() < HESITATES) {
        words.add(pick(FILLERS, random));
      }
      Topic topic = random.nextDouble() < ON_TOPIC ? request.topic() : pick(Topic.ALL, random);
      words.add(pick(topic.items(), random));
    }
    if (random.nextDouble() < RAMBLES) {
      words.add(RAMBLING);
    }
    return words.add(Answer.FULL_STOP).toString();
  }

  private static final List<Tone> TONES = List.of(Tone.values());

  private static <T> T pick(List<T> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }
}
