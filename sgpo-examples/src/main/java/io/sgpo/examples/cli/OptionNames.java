package io.sgpo.examples.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The library's names of options in messages, as they are on the command line. */
final class OptionNames {

  private static final Pattern WORD = Pattern.compile("[a-z]+([A-Z][a-z]+)*(\\(true\\))?");

  private final Map<String, String> names = new LinkedHashMap<>();

  OptionNames(CommandSpec command) {
    for (OptionSpec option : command.options()) {
      names.put(camelCase(option.longestName().substring(2)), option.longestName());
    }
    names.put("preferenceModel", "--judge");
    names.put("seedPreferences", "--seed-data");
  }

  /**
   * The message with {@code learningRate} as {@code --learning-rate}. A name that is also a word,
   * such as {@code rounds}, is one only where a message begins with it.
   */
  String translate(String message) {
    return WORD.matcher(message).replaceAll(word -> Matcher.quoteReplacement(name(word)));
  }

  private String name(MatchResult match) {
    String word = match.group().replace("(true)", "");
    boolean isName = match.start() == 0 || !word.equals(word.toLowerCase(Locale.ROOT));
    return isName && names.containsKey(word) ? names.get(word) : match.group();
  }

  private static String camelCase(String name) {
    return Pattern.compile("-([a-z])")
        .matcher(name)
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }
}
