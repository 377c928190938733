package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The methods of Python's str, dict and list that templates use; the others are refused. */
final class Methods {

  private static final Set<String> OTHER_TEXT_METHODS =
      Set.of(
          "casefold",
          "center",
          "encode",
          "expandtabs",
          "format",
          "format_map",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isidentifier",
          "islower",
          "isnumeric",
          "isprintable",
          "istitle",
          "isupper",
          "ljust",
          "maketrans",
          "partition",
          "rindex",
          "rjust",
          "rpartition",
          "swapcase",
          "title",
          "translate",
          "zfill");
  private static final Set<String> OTHER_DICTIONARY_METHODS =
      Set.of("clear", "copy", "fromkeys", "pop", "popitem", "setdefault", "update");
  private static final Set<String> OTHER_LIST_METHODS =
      Set.of("append", "clear", "copy", "extend", "insert", "pop", "remove", "reverse", "sort");

  private Methods() {}

  /** The bound method of that name, or undefined if the type has none. */
  static Object of(Object object, String name, Budget budget) {
    if (object instanceof String text) {
      return ofText(text, name, budget);
    }
    if (object instanceof Map<?, ?> map) {
      return ofDictionary(map, name);
    }
    if (object instanceof List<?> list) {
      return ofList(list, name);
    }
    return new Undefined(name);
  }

  private static Object ofText(String text, String name, Budget budget) {
    return switch (name) {
      case "strip" -> stripping(text, name, true, true);
      case "lstrip" -> stripping(text, name, true, false);
      case "rstrip" -> stripping(text, name, false, true);
      case "startswith" -> method(a -> affix(text, a, name, true), name, "prefix");
      case "endswith" -> method(a -> affix(text, a, name, false), name, "suffix");
      case "split" -> method(a -> split(text, a, false), name, "sep", "maxsplit");
      case "rsplit" -> method(a -> split(text, a, true), name, "sep", "maxsplit");
      case "splitlines" -> method(a -> PythonText.lines(text), name);
      case "upper" -> method(a -> text.toUpperCase(Locale.ROOT), name);
      case "lower" -> method(a -> text.toLowerCase(Locale.ROOT), name);
      case "capitalize" -> method(a -> PythonText.capitalize(text), name);
      case "replace" -> method(a -> replace(text, a, budget), name, "old", "new", "count");
      case "join" -> method(a -> join(text, a.require("iterable"), budget), name, "iterable");
      case "find" -> method(a -> find(text, text.indexOf(a.text("sub"))), name, "sub");
      case "rfind" -> method(a -> find(text, text.lastIndexOf(a.text("sub"))), name, "sub");
      case "index" -> method(a -> index(text, a.text("sub")), name, "sub");
      case "count" -> method(a -> count(text, a.text("sub")), name, "sub");
      case "isdigit" ->
          method(a -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit), name);
      case "isspace" ->
          method(a -> !text.isEmpty() && text.codePoints().allMatch(PythonText::isSpace), name);
      case "removeprefix" ->
          method(
              a ->
                  text.startsWith(a.text("prefix"))
                      ? text.substring(a.text("prefix").length())
                      : text,
              name,
              "prefix");
      case "removesuffix" ->
          method(
              a ->
                  text.endsWith(a.text("suffix"))
                      ? text.substring(0, text.length() - a.text("suffix").length())
                      : text,
              name,
              "suffix");
      default -> other("str", name, OTHER_TEXT_METHODS);
    };
  }

  private static Object ofDictionary(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> method(a -> Operators.items(map), name);
      case "keys" -> method(a -> new ArrayList<Object>(map.keySet()), name);
      case "values" -> method(a -> new ArrayList<Object>(map.values()), name);
      case "get" ->
          method(
              a -> {
                Object value = map.get(a.require("key"));
                return value == null ? a.get("default", None.NONE) : value;
              },
              name,
              "key",
              "default");
      default -> other("dict", name, OTHER_DICTIONARY_METHODS);
    };
  }

  private static Object ofList(List<?> list, String name) {
    return switch (name) {
      case "index" ->
          method(
              a -> {
                for (int i = 0; i < list.size(); i++) {
                  if (Values.equal(list.get(i), a.require("value"))) {
                    return (long) i;
                  }
                }
                throw new JinjaException("the list does not hold the value to find");
              },
              name,
              "value");
      case "count" ->
          method(
              a -> list.stream().filter(e -> Values.equal(e, a.require("value"))).count(),
              name,
              "value");
      default -> other("list", name, OTHER_LIST_METHODS);
    };
  }

  private static Object other(String type, String name, Set<String> existing) {
    if (existing.contains(name)) {
      return (Callable)
          arguments -> {
            throw JinjaException.unsupported("method " + type + "." + name);
          };
    }
    return new Undefined(name);
  }

  /** What a method does with its arguments. */
  @FunctionalInterface
  private interface Body {
    Object apply(Bound arguments);
  }

  private static Callable method(Body body, String name, String... parameters) {
    return arguments -> body.apply(arguments.bind(name, parameters));
  }

  private static Callable stripping(String text, String name, boolean left, boolean right) {
    return method(a -> strip(text, a, left, right), name, "chars");
  }

  private static String strip(String text, Bound arguments, boolean left, boolean right) {
    if (!arguments.has("chars")) {
      String cut = left ? PythonText.lstrip(text) : text;
      return right ? PythonText.rstrip(cut) : cut;
    }
    String characters = arguments.text("chars");
    String cut = left ? PythonText.lstrip(text, characters) : text;
    return right ? PythonText.rstrip(cut, characters) : cut;
  }

  private static Object affix(String text, Bound arguments, String name, boolean start) {
    Object wanted = arguments.require(start ? "prefix" : "suffix");
    List<Object> candidates = wanted instanceof List ? Values.elements(wanted) : List.of(wanted);
    return candidates.stream()
        .map(candidate -> Values.requireText(candidate, name))
        .anyMatch(start ? text::startsWith : text::endsWith);
  }

  private static Object split(String text, Bound arguments, boolean fromEnd) {
    long limit = Values.toLong(arguments.get("maxsplit", -1L), "maxsplit");
    if (!arguments.has("sep")) {
      if (fromEnd && limit >= 0) {
        throw JinjaException.unsupported("rsplit at whitespace with a limit");
      }
      return PythonText.words(text, limit);
    }
    String separator = arguments.text("sep");
    if (separator.isEmpty()) {
      throw new JinjaException("the separator of split must not be empty");
    }
    return fromEnd
        ? PythonText.splitFromEnd(text, separator, limit)
        : PythonText.split(text, separator, limit);
  }

  private static String replace(String text, Bound arguments, Budget budget) {
    if (arguments.has("count")) {
      throw JinjaException.unsupported("replace with a count");
    }
    return replace(text, arguments.text("old"), arguments.text("new"), budget);
  }

  static String replace(String text, String old, String replacement, Budget budget) {
    long grown = text.length() + count(text, old) * (long) replacement.length();
    budget.build(grown);
    return text.replace(old, replacement);
  }

  static String join(String separator, Object elements, Budget budget) {
    StringBuilder text = new StringBuilder();
    String before = "";
    for (Object element : Values.elements(elements)) {
      String piece = Values.requireText(element, "join");
      budget.build((long) text.length() + before.length() + piece.length());
      text.append(before).append(piece);
      before = separator;
    }
    return text.toString();
  }

  private static Object find(String text, int at) {
    return at < 0 ? -1L : (long) text.codePointCount(0, at);
  }

  private static Object index(String text, String part) {
    if (!text.contains(part)) {
      throw new JinjaException("the text to find with index is not there");
    }
    return find(text, text.indexOf(part));
  }

  private static long count(String text, String part) {
    if (part.isEmpty()) {
      return PythonText.length(text) + 1;
    }
    return PythonText.split(text, part, -1).size() - 1L;
  }
}
