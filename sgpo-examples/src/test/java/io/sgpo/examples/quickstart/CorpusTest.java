package io.sgpo.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.preference.PreferencePair;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CorpusTest {

  private static final List<Exchange> CORPUS = Corpus.write(Split.trainingRequests(), 4000, 1);

  @Test
  void startCorpusIsClearlyImperfectAndClearlyNotHopeless() {
    double mean =
        CORPUS.stream()
            .mapToDouble(exchange -> TruePreference.score(exchange.prompt(), exchange.response()))
            .average()
            .orElseThrow();
    assertTrue(mean > 0 && mean < 0.6 * TruePreference.BEST_SCORE, "mean score " + mean);
    long perfect =
        CORPUS.stream().filter(e -> TruePreference.score(e.prompt(), e.response()) == 5).count();
    assertTrue(perfect > 0 && perfect < CORPUS.size() / 10, perfect + " perfect answers");
  }

  @Test
  void secondAnswersAreNoBetterThanFirstOnes() {
    double first = meanScore(false);
    double second = meanScore(true);
    // standard deviation of a score is about 1.7, of the difference of the means about 0.06
    assertEquals(first, second, 0.25);
  }

  @Test
  void secondAnswersOftenKeepTheToneAndNeverPreferItsCounter() {
    Map<Tone, Map<Tone, Integer>> follows = new EnumMap<>(Tone.class);
    for (Exchange exchange : CORPUS) {
      Conversation prompt = (Conversation) exchange.prompt();
      if (prompt.messages().size() > 1) {
        Tone before = Answer.read(prompt.messages().get(1).content()).tone();
        Tone after = Answer.read(exchange.response().text()).tone();
        follows
            .computeIfAbsent(before, tone -> new EnumMap<>(Tone.class))
            .merge(after, 1, Integer::sum);
      }
    }
    assertEquals(3, follows.size());
    for (Map.Entry<Tone, Map<Tone, Integer>> row : follows.entrySet()) {
      double total = row.getValue().values().stream().mapToInt(count -> count).sum();
      for (Tone after : Tone.values()) {
        // kept in half of the answers, one of three in the other half
        double expected = after == row.getKey() ? 2 / 3.0 : 1 / 6.0;
        assertEquals(expected, row.getValue().getOrDefault(after, 0) / total, 0.1);
      }
    }
  }

  @Test
  void corpusIsAFunctionOfItsSeedAndNeverMentionsATestRequest() {
    assertEquals(CORPUS, Corpus.write(Split.trainingRequests(), 4000, 1));
    Set<Request> held = new HashSet<>(Split.heldOutRequests());
    for (Exchange exchange : CORPUS) {
      assertTrue(!held.contains(Request.of(exchange.prompt())));
    }
  }

  @Test
  void exactlyTheAskedShareOfLabelsIsFlipped() {
    List<PreferencePair> honest = new ArrayList<>();
    for (Request request : Request.all().subList(0, 202)) {
      honest.add(PreferencePair.of(request.prompt(), "chosen", "rejected"));
    }
    SeedLabels labels = SeedLabels.flip(honest, 0.25, new SplittableRandom(3));
    assertEquals(51, labels.flips()); // 50.5 rounded up
    assertEquals(honest, labels.honest());
    for (int i = 0; i < honest.size(); i++) {
      PreferencePair pair = labels.pairs().get(i);
      assertTrue(pair.equals(honest.get(i)) || pair.equals(honest.get(i).flipped()));
    }
  }

  private static double meanScore(boolean secondTurn) {
    return CORPUS.stream()
        .filter(e -> (((Conversation) e.prompt()).messages().size() > 1) == secondTurn)
        .mapToDouble(e -> TruePreference.score(e.prompt(), e.response()))
        .average()
        .orElseThrow();
  }
}
