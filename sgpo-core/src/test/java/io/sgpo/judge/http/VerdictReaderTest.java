package io.sgpo.judge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sgpo.judge.http.VerdictReader.Candidate;
import io.sgpo.judge.http.VerdictReader.Letter;
import io.sgpo.judge.http.VerdictReader.Place;
import io.sgpo.preference.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictReaderTest {

  @ParameterizedTest
  @CsvSource({
    "A, a",
    "' A', a",
    "b, b",
    "**B**, b",
    "(a), a",
    "A., a",
    "'A: it is right', a",
    "'B) since it is short', b",
    "[[A]], a",
    "'I weighed both. [[B]]', b",
    "'Answer: A', a",
    "'My verdict is **B**.', b",
    "'\"A\"', a",
    "'B\n\nBecause it is.', b"
  })
  void lettersThatAreVerdicts(String text, String letter) {
    assertEquals(Optional.of(letter), VerdictReader.letter(text).map(Letter::name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A response",
        "Both",
        "Tie",
        "C",
        "AB",
        "A or B",
        "Apples",
        "neither",
        "I cannot say",
        "The answer depends"
      })
  void lettersThatAreNone(String text) {
    assertEquals(Optional.empty(), VerdictReader.letter(text));
  }

  private static Place place(String token, double a, double b) {
    List<Candidate> candidates =
        List.of(new Candidate("A", Math.log(a)), new Candidate("B", Math.log(b)));
    return new Place(token, candidates);
  }

  @Test
  void anAnnouncedLetterIsTheLastOfItsKindAndNotTheArticle() {
    List<Place> places =
        List.of(
            place("That", 0.001, 0.001),
            place(" a", 1, 1e-12),
            place(" close", 0.001, 0.001),
            place(" A", 0.55, 0.45));
    Verdict verdict = VerdictReader.read("That is a close call. Verdict: A", true, places);
    assertEquals(0.55, assertInstanceOf(Verdict.Preference.class, verdict).probability(), 1e-12);
  }

  @Test
  void aLetterThatIsExplainedIsTheFirstOfItsKind() {
    List<Place> places = List.of(place("A", 0.6, 0.4), place(":", 0.5, 0.5), place(" a", 1, 1e-12));
    Verdict verdict = VerdictReader.read("A: a good one", true, places);
    assertEquals(0.6, assertInstanceOf(Verdict.Preference.class, verdict).probability(), 1e-12);
  }
}
