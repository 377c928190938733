package io.sgpo.judge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
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
    assertEquals(Optional.of(letter), VerdictReader.letter(text));
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
}
