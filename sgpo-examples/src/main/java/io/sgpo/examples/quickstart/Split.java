package io.sgpo.examples.quickstart;

import io.sgpo.dialogue.Conversation;
import io.sgpo.policy.Streams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The requests of one trial, disjoint: those of the labelled seeds, of the rounds, of the game and
 * of the test. Test requests come from a third of the language that nothing is ever trained on,
 * pretraining included; every trial draws its own.
 *
 * @param seeds prompts of the labelled pairs
 * @param rounds prompts to annotate, and of the game
 * @param test prompts to measure on
 */
record Split(List<Conversation> seeds, List<Conversation> rounds, List<Conversation> test) {

  private static final long LANGUAGE = 0;
  private static final int TEST_SHARE = 3;

  Split {
    seeds = List.copyOf(seeds);
    rounds = List.copyOf(rounds);
    test = List.copyOf(test);
  }

  /**
   * The split of a trial.
   *
   * @param trial the trial's seed
   * @param seeds how many seed prompts
   * @param rounds how many prompts of all rounds together
   * @param test how many test prompts
   * @throws IllegalArgumentException if the language has fewer
   */
  static Split of(long trial, int seeds, int rounds, int test) {
    List<Request> training = draw(trainingRequests(), trial, "split-training", seeds + rounds);
    List<Request> held = draw(heldOutRequests(), trial, "split-test", test);
    return new Split(
        prompts(training.subList(0, seeds)),
        prompts(training.subList(seeds, seeds + rounds)),
        prompts(held));
  }

  /** The requests that may be trained on. */
  static List<Request> trainingRequests() {
    List<Request> all = language();
    return all.subList(all.size() / TEST_SHARE, all.size());
  }

  /** The requests that are only tested on. */
  static List<Request> heldOutRequests() {
    List<Request> all = language();
    return all.subList(0, all.size() / TEST_SHARE);
  }

  private static List<Request> language() {
    List<Request> all = Request.all();
    return draw(all, LANGUAGE, "split-language", all.size());
  }

  private static List<Request> draw(List<Request> from, long seed, String purpose, int count) {
    if (count > from.size()) {
      throw new IllegalArgumentException(
          purpose + " must take at most " + from.size() + " requests, but was " + count);
    }
    List<Request> shuffled = new ArrayList<>(from);
    SplittableRandom random = Streams.of(seed, purpose);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      Collections.swap(shuffled, i, random.nextInt(i + 1));
    }
    return List.copyOf(shuffled.subList(0, count));
  }

  private static List<Conversation> prompts(List<Request> requests) {
    return requests.stream().map(Request::prompt).toList();
  }
}
