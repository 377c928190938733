package io.sgpo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  @CsvSource({
    "shorter, SHORTER, ''",
    "longer, LONGER, ''",
    "reward:a, REWARD, a",
    "'reward:a,b/c', REWARD, 'a,b/c'",
    "pairwise:a:b, PAIRWISE, a:b",
    "http:http://host/v1, HTTP, http://host/v1",
    "http:https://host/v1, HTTP, https://host/v1",
    "http://host:80/v1, HTTP, http://host:80/v1",
    "https://host, HTTP, https://host"
  })
  void namesTakenApart(String text, Judges.Kind kind, String argument) {
    assertEquals(new Judges.Name(kind, argument), Judges.name(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"best", "reward:", "pairwise:", "http:", "http:host", "", "ftp://x"})
  void unknownJudgesAreRefused(String name) {
    Exception refusal = assertThrows(UsageException.class, () -> Judges.name(name));
    assertEquals(
        "--judge must be reward:DIR, pairwise:DIR, http:URL, shorter or longer, but was \""
            + name
            + "\"",
        refusal.getMessage());
  }

  private static double probability(String judge, Response first, Response second) {
    Comparison comparison = new Comparison(Conversation.user("x"), first, second);
    PreferenceModel model = judge.equals("shorter") ? Judges.shorter() : Judges.longer();
    Verdict verdict = model.compare(List.of(comparison)).get(0);
    return ((Verdict.Preference) verdict).probability();
  }
}
