package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The filters that chat templates use; the others are refused. */
final class Filters {

  private Filters() {}

  static Object apply(String name, Object input, Arguments arguments, Budget budget) {
    return switch (name) {
      case "trim" -> trim(input, arguments);
      case "lower" -> plain(name, arguments, Values.text(input).toLowerCase(Locale.ROOT));
      case "upper" -> plain(name, arguments, Values.text(input).toUpperCase(Locale.ROOT));
      case "capitalize" -> plain(name, arguments, PythonText.capitalize(Values.text(input)));
      case "string" -> plain(name, arguments, Values.text(input));
      case "safe" -> plain(name, arguments, input);
      case "length", "count" -> plain(name, arguments, Values.length(input));
      case "list" -> plain(name, arguments, Values.elements(input));
      case "items" -> plain(name, arguments, items(input));
      case "int" -> integer(input, arguments);
      case "abs" -> plain(name, arguments, absolute(input));
      case "replace" -> replace(input, arguments, budget);
      case "indent" -> indent(input, arguments, budget);
      case "default", "d" -> otherwise(input, arguments);
      case "tojson" -> Json.filter(input, arguments, budget);
      default -> ofList(name, input, arguments, budget);
    };
  }

  private static Object ofList(String name, Object input, Arguments arguments, Budget budget) {
    List<Object> elements = new ArrayList<>();
    return switch (name) {
      case "first" -> plain(name, arguments, Lookup.item(Values.elements(input), 0L));
      case "last" -> plain(name, arguments, Lookup.item(Values.elements(input), -1L));
      case "min" -> plain(name, arguments, extreme(input, Operators::order));
      case "max" -> plain(name, arguments, extreme(input, (a, b) -> Operators.order(b, a)));
      case "reverse" -> plain(name, arguments, Lookup.slice(input, None.NONE, None.NONE, -1L));
      case "unique" -> {
        for (Object element : Values.elements(input)) {
          if (!Operators.contains(elements, element)) {
            elements.add(element);
          }
        }
        yield plain(name, arguments, elements);
      }
      case "join" -> join(input, arguments, budget);
      case "sort" -> sort(input, arguments);
      case "map" -> map(input, arguments, budget);
      case "select", "reject", "selectattr", "rejectattr" -> select(name, input, arguments, budget);
      default -> throw JinjaException.unsupported("filter \"" + name + "\"");
    };
  }

  private static Object plain(String name, Arguments arguments, Object result) {
    arguments.bind("filter " + name);
    return result;
  }

  private static Object trim(Object input, Arguments arguments) {
    Bound bound = arguments.bind("filter trim", "chars");
    String text = Values.text(input);
    if (!bound.has("chars")) {
      return PythonText.strip(text);
    }
    String characters = bound.text("chars");
    return PythonText.lstrip(PythonText.rstrip(text, characters), characters);
  }

  private static Object items(Object input) {
    if (input instanceof Undefined) {
      return new ArrayList<>();
    }
    if (input instanceof Map<?, ?> map) {
      return Operators.items(map);
    }
    throw new JinjaException("filter items needs a dictionary, but got " + Values.describe(input));
  }

  private static Object integer(Object input, Arguments arguments) {
    Bound bound = arguments.bind("filter int", "default");
    if (input instanceof Double number && Math.abs(number) < 0x1p63) {
      return number.longValue();
    }
    if (Values.isNumeric(input)) {
      return Values.toLong(input, "filter int");
    }
    Optional<Long> number = PythonText.integer(Values.text(input));
    return number.isPresent() ? number.get() : bound.get("default", 0L);
  }

  private static Object absolute(Object input) {
    return input instanceof Double number
        ? (Object) Math.abs(number)
        : (Object) Math.abs(Values.toLong(input, "filter abs"));
  }

  private static Object replace(Object input, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("filter replace", "old", "new");
    return Methods.replace(Values.text(input), bound.text("old"), bound.text("new"), budget);
  }

  private static Object indent(Object input, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("filter indent", "width", "first", "blank");
    Object width = bound.get("width", 4L);
    String margin =
        width instanceof String text
            ? text
            : " ".repeat((int) Math.min(1000, Values.toLong(width, "indent")));
    StringBuilder out = new StringBuilder();
    List<Object> lines = PythonText.split(Values.text(input), "\n", -1);
    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      boolean indented =
          i == 0 ? bound.flag("first", false) : !line.isEmpty() || bound.flag("blank", false);
      budget.build((long) out.length() + margin.length() + line.length());
      out.append(i == 0 ? "" : "\n").append(indented ? margin : "").append(line);
    }
    return out.toString();
  }

  private static Object otherwise(Object input, Arguments arguments) {
    Bound bound = arguments.bind("filter default", "default_value", "boolean");
    boolean absent =
        input instanceof Undefined || (bound.flag("boolean", false) && !Values.truth(input));
    return absent ? bound.get("default_value", "") : input;
  }

  private static Object extreme(Object input, Comparator<Object> order) {
    List<Object> elements = Values.elements(input);
    return elements.isEmpty()
        ? new Undefined("the extreme of nothing")
        : Collections.min(elements, order);
  }

  private static Object join(Object input, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("filter join", "d", "attribute");
    List<Object> texts = new ArrayList<>();
    for (Object element : Values.elements(input)) {
      Object value =
          bound.has("attribute") ? Lookup.item(element, bound.require("attribute")) : element;
      texts.add(Values.text(value));
    }
    return Methods.join(Values.text(bound.get("d", "")), texts, budget);
  }

  private static Object sort(Object input, Arguments arguments) {
    Bound bound = arguments.bind("filter sort", "reverse", "case_sensitive", "attribute");
    boolean folds = !bound.flag("case_sensitive", false);
    Comparator<Object> order =
        (a, b) -> Operators.order(sortKey(a, bound, folds), sortKey(b, bound, folds));
    List<Object> sorted = Values.elements(input);
    sorted.sort(bound.flag("reverse", false) ? order.reversed() : order);
    return sorted;
  }

  private static Object sortKey(Object element, Bound bound, boolean folds) {
    Object key =
        bound.has("attribute") ? Lookup.item(element, bound.require("attribute")) : element;
    return folds && key instanceof String text ? text.toLowerCase(Locale.ROOT) : key;
  }

  private static Object map(Object input, Arguments arguments, Budget budget) {
    List<Object> mapped = new ArrayList<>();
    Bound byAttribute =
        arguments.positional().isEmpty()
            ? arguments.bind("filter map", "attribute", "default")
            : arguments.bind("filter map", "filter", "a", "b", "c");
    for (Object element : Values.elements(input)) {
      budget.step();
      if (arguments.positional().isEmpty()) {
        Object value = Lookup.item(element, byAttribute.require("attribute"));
        mapped.add(value instanceof Undefined ? byAttribute.get("default", value) : value);
      } else {
        mapped.add(apply(byAttribute.text("filter"), element, arguments.rest(), budget));
      }
    }
    return mapped;
  }

  private static Object select(String name, Object input, Arguments arguments, Budget budget) {
    boolean byAttribute = name.endsWith("attr");
    boolean keeps = name.startsWith("select");
    if (byAttribute && arguments.positional().isEmpty()) {
      throw new JinjaException("filter " + name + " lacks the attribute");
    }
    Arguments test = byAttribute ? arguments.rest() : arguments;
    List<Object> selected = new ArrayList<>();
    for (Object element : Values.elements(input)) {
      budget.step();
      Object value = byAttribute ? Lookup.item(element, arguments.positional().get(0)) : element;
      boolean passes =
          test.positional().isEmpty()
              ? Values.truth(value)
              : Tests.apply(Values.requireText(test.positional().get(0), name), value, test.rest());
      if (passes == keeps) {
        selected.add(element);
      }
    }
    return selected;
  }
}
