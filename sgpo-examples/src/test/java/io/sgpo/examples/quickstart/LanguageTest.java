package io.sgpo.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Refiner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.TextPrompt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {

  @Test
  void everyRequestIsReadBackFromItsText() {
    for (Request request : Request.all()) {
      assertEquals(request, Request.of(request.prompt()));
    }
  }

  @Test
  void requestsAreAllCombinationsAndDistinct() {
    // 3 verbs x 4 counts x 10 topics x (8 exclusions + none) x 3 tones
    assertEquals(3240, Request.all().size());
    assertEquals(3240, Request.all().stream().map(Request::text).distinct().count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name",
        "sing three animals",
        "name six animals",
        "name three planets",
        "name three animals but not the rose",
        "name three animals loudly",
        "name three animals but not the cat please please"
      })
  void otherTextIsNoRequest(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Request.parse(text));
    assertFalse(String.valueOf(refused.getMessage()).isBlank());
  }

  @Test
  void aFollowUpIsReadByItsFirstTurn() {
    Request request = Request.parse("give five games with flair");
    assertEquals(
        request, Request.of(request.prompt().followUp("chess .", Refiner.IMPROVE_INSTRUCTION)));
  }

  @Test
  void aPromptThatIsNoConversationIsRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> Request.of(new TextPrompt("name two games")));
    assertTrue(String.valueOf(refused.getMessage()).contains("name two games"));
  }

  @Test
  void noWordBelongsToTwoTopics() {
    List<String> items = new ArrayList<>();
    Topic.ALL.forEach(topic -> items.addAll(topic.items()));
    assertEquals(80, items.size());
    assertEquals(80, new HashSet<>(items).size());
  }

  @Test
  void everyWordThatIsEverSaidIsAToken() {
    Set<String> tokens = Set.copyOf(Vocabulary.tokens());
    assertEquals(Vocabulary.tokens().size(), tokens.size());
    SplittableRandom random = new SplittableRandom(1);
    for (Request request : Request.all()) {
      String said = request.text() + " " + ImperfectAuthor.answer(request, random);
      for (String word : (said + " " + Refiner.IMPROVE_INSTRUCTION).split(" ", -1)) {
        assertTrue(tokens.contains(word), word);
      }
    }
  }

  @Test
  void splitOfATrialIsDisjointAndTrialsDiffer() {
    Split split = Split.of(1, 256, 1200, 400);
    Set<Conversation> all = new HashSet<>(split.seeds());
    all.addAll(split.rounds());
    all.addAll(split.test());
    assertEquals(256 + 1200 + 400, all.size());
    assertFalse(split.test().equals(Split.of(2, 256, 1200, 400).test()));
    assertEquals(split, Split.of(1, 256, 1200, 400));
  }

  @Test
  void testRequestsAreNeverTrainedOn() {
    Set<Request> training = new HashSet<>(Split.trainingRequests());
    for (Request held : Split.heldOutRequests()) {
      assertFalse(training.contains(held), held.text());
    }
    assertEquals(Request.all().size(), training.size() + Split.heldOutRequests().size());
  }

  @Test
  void aSplitLargerThanTheLanguageIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Split.of(1, 256, 5000, 400));
    assertTrue(String.valueOf(refused.getMessage()).contains("5256"));
  }
}
