package io.sgpo.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Attributes, elements and slices of values. */
final class Lookup {

  private Lookup() {}

  /** {@code object.name}: a method or attribute, else the element of that key. */
  static Object attribute(Object object, String name, Budget budget) {
    if (object instanceof Undefined undefined) {
      throw undefined.refusal();
    }
    if (object instanceof Loop.State loop) {
      return loop.attribute(name);
    }
    if (object instanceof Namespace namespace) {
      return namespace.attributes().getOrDefault(name, new Undefined(name));
    }
    Object method = Methods.of(object, name, budget);
    if (!(method instanceof Undefined)) {
      return method;
    }
    return object instanceof Map<?, ?> ? item(object, name) : method;
  }

  /** {@code object[key]}. */
  static Object item(Object object, Object key) {
    if (object instanceof Undefined undefined) {
      throw undefined.refusal();
    }
    if (object instanceof Map<?, ?> map) {
      Object value = map.get(key);
      return value == null ? new Undefined(Values.text(key)) : value;
    }
    if ((object instanceof List || object instanceof String) && key instanceof Long index) {
      List<Object> elements = Values.elements(object);
      long at = index < 0 ? index + elements.size() : index;
      return at >= 0 && at < elements.size()
          ? elements.get((int) at)
          : new Undefined("element " + index);
    }
    if (key instanceof String name) {
      if (object instanceof Namespace || object instanceof Loop.State) {
        throw JinjaException.unsupported("subscript of " + Values.typeName(object));
      }
      return new Undefined(name);
    }
    return new Undefined(Values.text(key));
  }

  /** {@code object[from:to:step]} of a text or list, with None for an absent part. */
  static Object slice(Object object, Object from, Object to, Object step) {
    if (!(object instanceof List || object instanceof String)) {
      throw new JinjaException("cannot slice " + Values.describe(object));
    }
    List<Object> elements = Values.elements(object);
    long stride = step == None.NONE ? 1 : Values.toLong(step, "a slice");
    if (stride == 0) {
      throw new JinjaException("the step of a slice must not be 0");
    }
    int size = elements.size();
    boolean forward = stride > 0;
    long begin = bound(from, forward ? 0 : size - 1, size, forward);
    long end = bound(to, forward ? size : -1, size, forward);
    List<Object> picked = new ArrayList<>();
    for (long i = begin; forward ? i < end : i > end; i += stride) {
      picked.add(elements.get((int) i));
    }
    return object instanceof String ? join(picked) : picked;
  }

  private static long bound(Object bound, long otherwise, int size, boolean forward) {
    if (bound == None.NONE) {
      return otherwise;
    }
    long index = Values.toLong(bound, "a slice");
    long fromStart = index < 0 ? index + size : index;
    long low = forward ? 0 : -1;
    return Math.max(low, Math.min(fromStart, low + size));
  }

  private static String join(List<Object> characters) {
    StringBuilder text = new StringBuilder();
    characters.forEach(text::append);
    return text.toString();
  }
}
