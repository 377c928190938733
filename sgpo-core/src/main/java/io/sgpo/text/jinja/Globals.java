package io.sgpo.text.jinja;

import io.sgpo.text.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
final class Globals {

  private Globals() {}

  static Map<String, Object> all(Budget budget) {
    return Map.of(
        "raise_exception", (Callable) Globals::raise,
        "namespace", (Callable) arguments -> new Namespace(dictionary(arguments)),
        "dict", (Callable) Globals::dictionary,
        "range", (Callable) arguments -> range(arguments, budget));
  }

  private static Object raise(Arguments arguments) {
    throw new JinjaException(
        "the template refuses the conversation: "
            + Values.text(arguments.bind("raise_exception", "message").require("message")));
  }

  private static Map<String, Object> dictionary(Arguments arguments) {
    if (!arguments.positional().isEmpty()) {
      throw JinjaException.unsupported("dict or namespace of a positional argument");
    }
    return new LinkedHashMap<>(arguments.named());
  }

  private static Object range(Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("range", "start", "stop", "step");
    long first = Values.toLong(bound.require("start"), "range");
    boolean two = bound.has("stop");
    long start = two ? first : 0;
    long stop = two ? Values.toLong(bound.require("stop"), "range") : first;
    long step = Values.toLong(bound.get("step", 1L), "range");
    if (step == 0) {
      throw new JinjaException("the step of range must not be 0");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i = Math.addExact(i, step)) {
      budget.step();
      budget.limit(numbers.size());
      numbers.add(i);
    }
    return numbers;
  }
}
