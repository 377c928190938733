package io.sgpo.judge.http;

import io.sgpo.preference.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the verdict in a model's answer. */
final class VerdictReader {

  /**
   * A token that might stand at a place of the answer.
   *
   * @param text the token
   * @param logProb log of its probability
   */
  record Candidate(String text, double logProb) {}

  /**
   * A place of the answer.
   *
   * @param token what stands there
   * @param candidates the most probable tokens there
   */
  record Place(String token, List<Candidate> candidates) {}

  /** Above 0 by more than this, a log-probability is none. */
  private static final double ROUNDING = 1e-6;

  /** What is told of an answer without a verdict. */
  private static final int TOLD = 80;

  /** A letter alone, or before what explains it; an article ("A response …") is none. */
  private static final Pattern LETTER =
      Pattern.compile("\\W*([ABab])(?:\\W*|(?:[.:)\\]*]|\\R)[\\s\\S]*)");

  /** A letter in double brackets, or after the word that announces it, at the answer's end. */
  private static final Pattern ANNOUNCED =
      Pattern.compile(
          "(?i)(?:\\[\\[\\s*([AB])\\s*\\]\\]|(?:answer|verdict|choice)(?: is)?\\W{0,5}([AB]))\\W*$");

  private VerdictReader() {}

  /**
   * p(first ≻ second), where the answer A stands for the first.
   *
   * @param text the answer
   * @param complete whether it ended by itself, not by a limit on its tokens
   * @param places its tokens with their log-probabilities, or none
   */
  static Verdict read(String text, boolean complete, List<Place> places) {
    Letter letter = letter(text).orElse(null);
    if (letter == null) {
      return undecided(text, complete);
    }
    return places.stream()
        .filter(place -> label(place.token).equals(letter.name))
        .reduce((first, later) -> letter.atEnd ? later : first)
        .map(place -> fromLogProbs(place, letter.name))
        .orElseGet(() -> byLetter(letter.name));
  }

  /**
   * The letter that an answer gives.
   *
   * @param name {@code a} or {@code b}
   * @param atEnd whether it stands at the answer's end, behind other words, one of which may be the
   *     article; else it is the first of them
   */
  record Letter(String name, boolean atEnd) {}

  /** The letter that an answer gives. */
  static Optional<Letter> letter(String text) {
    Matcher whole = LETTER.matcher(text.strip());
    if (whole.matches()) {
      return Optional.of(new Letter(whole.group(1).toLowerCase(Locale.ROOT), false));
    }
    Matcher announced = ANNOUNCED.matcher(text.strip());
    if (announced.find()) {
      String found = announced.group(1) == null ? announced.group(2) : announced.group(1);
      return Optional.of(new Letter(found.toLowerCase(Locale.ROOT), true));
    }
    return Optional.empty();
  }

  private static Verdict undecided(String text, boolean complete) {
    if (text.isBlank()) {
      return new Verdict.Failure("the answer is empty");
    }
    String start = text.strip().substring(0, Math.min(TOLD, text.strip().length()));
    return complete
        ? new Verdict.Abstention("the answer is neither A nor B: " + start)
        : new Verdict.Failure("the answer was cut off before a verdict: " + start);
  }

  private static Verdict byLetter(String letter) {
    return Verdict.of(letter.equals("a") ? 1 : 0);
  }

  /** P(A) / (P(A) + P(B)) over all ways of writing either. */
  private static Verdict fromLogProbs(Place place, String letter) {
    double first = 0;
    double second = 0;
    for (Candidate candidate : place.candidates) {
      if (!(candidate.logProb <= ROUNDING)) {
        return new Verdict.Failure(
            "the log-probability of \"%s\" must be <= 0, but was %s"
                .formatted(candidate.text, candidate.logProb));
      }
      switch (label(candidate.text)) {
        case "a" -> first += Math.exp(candidate.logProb);
        case "b" -> second += Math.exp(candidate.logProb);
        default -> {}
      }
    }
    return first + second > 0 ? Verdict.of(first / (first + second)) : byLetter(letter);
  }

  /** A token without what is around its letters, in lower case. */
  private static String label(String token) {
    return token.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
  }
}
