package io.sgpo.examples.cli;

import io.sgpo.dialogue.Response;
import io.sgpo.preference.PreferenceModel;
import java.util.List;

/** The judges that {@code --judge} names. */
final class Judges {

  private static final List<String> LATER = List.of("reward:", "pairwise:", "http:", "https:");

  private Judges() {}

  /**
   * The judge of a name: {@code shorter} and {@code longer} are trivial ones, for trying things
   * out.
   */
  static PreferenceModel of(String name) {
    return switch (name) {
      case "shorter" -> PreferenceModel.of(c -> preference(length(c.second()), length(c.first())));
      case "longer" -> PreferenceModel.of(c -> preference(length(c.first()), length(c.second())));
      default -> throw refusal(name);
    };
  }

  private static UsageException refusal(String name) {
    if (LATER.stream().anyMatch(name::startsWith)) {
      return UsageException.notYet("--judge " + name, "shorter, longer");
    }
    return new UsageException("--judge must be shorter or longer, but was \"" + name + "\"");
  }

  /** p(first ≻ second): 1 if the first measure is the larger one, ½ if they are equal. */
  private static double preference(int first, int second) {
    return (1 + Integer.signum(first - second)) / 2.0;
  }

  /** Characters of the text, or tokens of a response without one. */
  private static int length(Response response) {
    String text = response.text();
    return text.isEmpty() ? response.tokens().size() : text.codePointCount(0, text.length());
  }
}
