package io.sgpo.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link PreferenceModel} of the library keeps. */
public abstract class PreferenceModelContract {

  private static final List<String> ANSWERS = List.of("yes", "no", "maybe so", "yes, and {first}");

  /** The judge under test; it decides every comparison of short texts. */
  protected abstract PreferenceModel judge();

  private static List<Comparison> comparisons() {
    List<Comparison> all = new ArrayList<>();
    for (String prompt : List.of("is it?", "how is it?")) {
      for (String first : ANSWERS) {
        for (String second : ANSWERS) {
          all.add(
              new Comparison(Conversation.user(prompt), Response.of(first), Response.of(second)));
        }
      }
    }
    return all;
  }

  private static double[] probabilities(List<Verdict> verdicts) {
    return verdicts.stream()
        .mapToDouble(verdict -> assertInstanceOf(Verdict.Preference.class, verdict).probability())
        .toArray();
  }

  @Test
  void bothOrdersSumToOneAndAResponseTiesWithItself() {
    List<Comparison> comparisons = comparisons();
    double[] p = probabilities(judge().compare(comparisons));
    int n = ANSWERS.size();
    boolean decided = false;
    for (int i = 0; i < p.length; i++) {
      int block = i / (n * n) * n * n;
      int row = i % (n * n) / n;
      int column = i % n;
      assertEquals(1, p[i] + p[block + column * n + row], 1e-12);
      if (row == column) {
        assertEquals(0.5, p[i], 1e-12);
      }
      decided |= Math.abs(p[i] - 0.5) > 1e-6;
    }
    assertTrue(decided, "the judge of this test prefers nothing");
  }

  @Test
  void answersInTheOrderOfTheQuestions() {
    List<Comparison> comparisons = comparisons();
    double[] all = probabilities(judge().compare(comparisons));
    for (int i = 0; i < all.length; i += 5) {
      double alone = probabilities(judge().compare(List.of(comparisons.get(i))))[0];
      assertEquals(alone, all[i], 1e-5, "comparison " + i);
    }
    assertNotEquals(all[1], all[4]);
  }

  @Test
  void nothingIsAskedOfNothing() {
    assertEquals(List.of(), judge().compare(List.of()));
  }

  @Test
  void aThreadThatIsInterruptedGetsNoVerdict() {
    PreferenceModel judge = judge();
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancellationException.class, () -> judge.compare(comparisons()));
      assertTrue(Thread.currentThread().isInterrupted(), "the status stays set");
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void threadsGetTheSameVerdicts() throws Exception {
    PreferenceModel judge = judge();
    double[] expected = probabilities(judge.compare(comparisons()));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<List<Verdict>>> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        answers.add(threads.submit(() -> judge.compare(comparisons())));
      }
      for (Future<List<Verdict>> answer : answers) {
        double[] actual = probabilities(answer.get());
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], actual[i], 1e-5);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
