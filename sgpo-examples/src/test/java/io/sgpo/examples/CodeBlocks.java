package io.sgpo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java code that a page shows, which is compiled elsewhere between two comments. */
public final class CodeBlocks {

  private CodeBlocks() {}

  /** Checks that a page shows the marked blocks of a source file, all of them, in their order. */
  public static void assertShown(String source, String page) {
    List<String> compiled = blocks(source, "// begin: \\w+\\R(.*?)// end");
    List<String> shown = blocks(page, "```java\\R(.*?)```");
    assertFalse(shown.isEmpty());
    assertEquals(compiled, shown);
  }

  /** Matches of the pattern's group, white space and closing braces at the end left aside. */
  private static List<String> blocks(String text, String pattern) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    while (matcher.find()) {
      blocks.add(matcher.group(1).replaceAll("\\s+", "").replaceAll("}+$", ""));
    }
    return blocks;
  }
}
