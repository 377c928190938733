package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Arguments.Bound;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code tojson} as Hugging Face defines it: Python's json.dumps without ASCII escapes. */
final class Json {

  private final StringBuilder out = new StringBuilder();
  private final Budget budget;
  private final String itemSeparator;
  private final String keySeparator;
  private final int indent;
  private final boolean sorted;

  private Json(Bound options, Budget budget) {
    this.budget = budget;
    this.indent = options.has("indent") ? width(options.require("indent")) : -1;
    this.sorted = options.flag("sort_keys", false);
    List<Object> separators =
        options.has("separators")
            ? Values.elements(options.require("separators"))
            : List.of(indent >= 0 ? "," : ", ", ": ");
    this.itemSeparator = Values.text(separators.get(0));
    this.keySeparator = Values.text(separators.get(1));
  }

  static String filter(Object value, Arguments arguments, Budget budget) {
    Bound options =
        arguments.bind("filter tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    if (options.flag("ensure_ascii", false)) {
      throw JinjaException.unsupported("tojson with ensure_ascii");
    }
    Json json = new Json(options, budget);
    json.write(value, 0);
    return json.out.toString();
  }

  private static int width(Object indent) {
    return (int) Math.max(0, Math.min(100, Values.toLong(indent, "indent")));
  }

  private void write(Object value, int level) {
    budget.build(16);
    if (level > 100) {
      throw new JinjaException("tojson: values are nested more than 100 deep");
    }
    if (value instanceof String text) {
      quote(text);
    } else if (value instanceof Boolean flag) {
      out.append(flag ? "true" : "false");
    } else if (value == None.NONE) {
      out.append("null");
    } else if (Values.isNumeric(value)) {
      out.append(Values.text(value));
    } else if (value instanceof List<?> list) {
      list(list, level);
    } else if (value instanceof Map<?, ?> map) {
      map(map, level);
    } else {
      throw new JinjaException("tojson cannot write " + Values.describe(value));
    }
  }

  private void list(List<?> list, int level) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      out.append(i == 0 ? "" : itemSeparator);
      newline(level + 1);
      write(list.get(i), level + 1);
    }
    if (!list.isEmpty()) {
      newline(level);
    }
    out.append(']');
  }

  private void map(Map<?, ?> map, int level) {
    Map<?, ?> entries = sorted ? new TreeMap<>(map) : map;
    out.append('{');
    String before = "";
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      out.append(before);
      newline(level + 1);
      quote(Values.text(entry.getKey()));
      out.append(keySeparator);
      write(entry.getValue(), level + 1);
      before = itemSeparator;
    }
    if (!entries.isEmpty()) {
      newline(level);
    }
    out.append('}');
  }

  private void newline(int level) {
    if (indent >= 0) {
      out.append('\n').append(" ".repeat(indent * level));
    }
  }

  private void quote(String text) {
    budget.build(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int special = "\"\\\b\f\n\r\t".indexOf(c);
      if (special >= 0) {
        out.append('\\').append("\"\\bfnrt".charAt(special));
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
