package io.sgpo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JudgesTest {

  private static final Response SHORT = Response.of("ab");
  private static final Response LONG = Response.of("abc");
  private static final Response SHORT_AS_CHARACTERS_GO = Response.of("\uD83D\uDE00b");

  @Test
  void shorterAndLongerCompareCharacters() {
    assertEquals(1, probability("shorter", SHORT, LONG));
    assertEquals(0, probability("shorter", LONG, SHORT));
    assertEquals(0.5, probability("shorter", SHORT, SHORT_AS_CHARACTERS_GO));
    assertEquals(0, probability("longer", SHORT, LONG));
    assertEquals(1, probability("longer", LONG, SHORT));
  }

  @Test
  void responsesWithoutTextAreComparedByTokens() {
    Response two = Response.ofTokens(Tokens.of(7, 8));
    Response three = Response.ofTokens(Tokens.of(7, 8, 9));
    assertEquals(1, probability("shorter", two, three));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reward:DIR", "pairwise:DIR", "http:URL", "https://host"})
  void laterJudgesAreRefusedByName(String name) {
    Exception refusal = assertThrows(UsageException.class, () -> Judges.of(name));
    assertEquals(
        "--judge " + name + " is not available yet; available: shorter, longer",
        refusal.getMessage());
  }

  @Test
  void unknownJudgesAreRefused() {
    Exception refusal = assertThrows(UsageException.class, () -> Judges.of("best"));
    assertEquals("--judge must be shorter or longer, but was \"best\"", refusal.getMessage());
  }

  private static double probability(String judge, Response first, Response second) {
    Comparison comparison = new Comparison(Conversation.user("x"), first, second);
    Verdict verdict = Judges.of(judge).compare(List.of(comparison)).get(0);
    return ((Verdict.Preference) verdict).probability();
  }
}
