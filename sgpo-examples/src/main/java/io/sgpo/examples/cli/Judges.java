package io.sgpo.examples.cli;

import io.sgpo.dialogue.Response;
import io.sgpo.preference.PreferenceModel;
import java.util.List;
import java.util.Optional;

/** The judges that {@code --judge} names. */
final class Judges {

  private Judges() {}

  /** What a judge is made of. */
  enum Kind {
    /** Trivial, for trying things out. */
    SHORTER,
    /** Trivial, for trying things out. */
    LONGER,
    /** Reward models. */
    REWARD,
    /** A language model that is shown both responses. */
    PAIRWISE,
    /** A language model behind an endpoint. */
    HTTP
  }

  /**
   * A judge's name, taken apart.
   *
   * @param kind what it is made of
   * @param argument what follows the kind: folders or a URL, or nothing
   */
  record Name(Kind kind, String argument) {

    /** The folders that it names. */
    List<String> folders() {
      return List.of(argument.split(",", -1));
    }
  }

  /**
   * Takes a name apart.
   *
   * @throws UsageException if there is no such judge
   */
  static Name name(String text) {
    if (text.equals("shorter")) {
      return new Name(Kind.SHORTER, "");
    }
    if (text.equals("longer")) {
      return new Name(Kind.LONGER, "");
    }
    return argument(text, "reward:")
        .map(folders -> new Name(Kind.REWARD, folders))
        .or(() -> argument(text, "pairwise:").map(folder -> new Name(Kind.PAIRWISE, folder)))
        .or(() -> url(text).map(url -> new Name(Kind.HTTP, url)))
        .orElseThrow(
            () ->
                new UsageException(
                    "--judge must be reward:DIR, pairwise:DIR, http:URL, shorter or longer, but was"
                        + " \""
                        + text
                        + "\""));
  }

  private static Optional<String> argument(String text, String prefix) {
    boolean given = text.startsWith(prefix) && text.length() > prefix.length();
    return given ? Optional.of(text.substring(prefix.length())) : Optional.empty();
  }

  /** {@code http:URL}, or the URL alone. */
  private static Optional<String> url(String text) {
    if (text.startsWith("http://") || text.startsWith("https://")) {
      return Optional.of(text);
    }
    return argument(text, "http:").filter(url -> url.startsWith("http"));
  }

  /** Prefers the response of fewer characters. */
  static PreferenceModel shorter() {
    return PreferenceModel.of("shorter", c -> preference(length(c.second()), length(c.first())));
  }

  /** Prefers the response of more characters. */
  static PreferenceModel longer() {
    return PreferenceModel.of("longer", c -> preference(length(c.first()), length(c.second())));
  }

  /** p(first ≻ second): 1 if the first measure is the larger one, ½ if they are equal. */
  private static double preference(int first, int second) {
    return (1 + Integer.signum(first - second)) / 2.0;
  }

  /** Characters of the text, or tokens of a response without one. */
  static int length(Response response) {
    String text = response.text();
    return text.isEmpty() ? response.tokens().size() : text.codePointCount(0, text.length());
  }
}
