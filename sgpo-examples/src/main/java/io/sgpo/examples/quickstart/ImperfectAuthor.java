package io.sgpo.examples.quickstart;

import java.util.List;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;

/**
 * Writes the answers of the pretraining corpus: in the language, and with every fault that the
 * rubric knows. About a third of the answers are written with care, the others carelessly; that,
 * and nothing else, makes the faults of an answer go together. Stateless.
 */
final class ImperfectAuthor {

  static final List<String> FILLERS = List.of("um", "er", "well", "maybe");
  static final String RAMBLING = "and so on";

  private static final double CAREFUL_SHARE = 0.35;
  private static final int LARGEST_COUNT = 6;
  private static final List<Tone> TONES = List.of(Tone.values());

  /** Probabilities of what an author gets right, and of the faults. */
  private enum Habit {
    CAREFUL(0.8, 0.95, 0.6, 0.05, 0.05),
    CARELESS(0.3, 0.65, 0.1, 0.25, 0.35);

    private final double countsRight;
    private final double onTopic;
    private final double hearsTone;
    private final double hesitates;
    private final double rambles;

    Habit(double countsRight, double onTopic, double hearsTone, double hesitates, double rambles) {
      this.countsRight = countsRight;
      this.onTopic = onTopic;
      this.hearsTone = hearsTone;
      this.hesitates = hesitates;
      this.rambles = rambles;
    }
  }

  private ImperfectAuthor() {}

  /** An answer to the request. */
  static String answer(Request request, RandomGenerator random) {
    Habit habit = habit(random);
    Tone tone = random.nextDouble() < habit.hearsTone ? request.tone() : pick(TONES, random);
    return answer(request, habit, tone, random);
  }

  /** An answer in a given tone. */
  static String answer(Request request, Tone tone, RandomGenerator random) {
    return answer(request, habit(random), tone, random);
  }

  private static Habit habit(RandomGenerator random) {
    return random.nextDouble() < CAREFUL_SHARE ? Habit.CAREFUL : Habit.CARELESS;
  }

  private static String answer(Request request, Habit habit, Tone tone, RandomGenerator random) {
    StringJoiner words = new StringJoiner(" ");
    if (tone != Tone.PLAIN) {
      words.add(tone.opener());
    }
    int count =
        random.nextDouble() < habit.countsRight
            ? request.count()
            : 1 + random.nextInt(LARGEST_COUNT);
    for (int i = 0; i < count; i++) {
      if (random.nextDouble() < habit.hesitates) {
        words.add(pick(FILLERS, random));
      }
      Topic topic = random.nextDouble() < habit.onTopic ? request.topic() : pick(Topic.ALL, random);
      words.add(pick(topic.items(), random));
    }
    if (random.nextDouble() < habit.rambles) {
      words.add(RAMBLING);
    }
    return words.add(Answer.FULL_STOP).toString();
  }

  private static <T> T pick(List<T> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }
}
