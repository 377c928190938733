package io.sgpo.text.jinja;

import java.util.List;

/** Something a value can be assigned to. */
@FunctionalInterface
interface Target {

  void assign(Frame frame, Object value);

  /** An attribute of a namespace. */
  static Target attribute(String name, String attribute) {
    return (frame, value) -> {
      if (!(frame.lookup(name) instanceof Namespace namespace)) {
        throw new JinjaException("\"" + name + "\" must be a namespace to set its " + attribute);
      }
      namespace.attributes().put(attribute, value);
    };
  }

  /** Several targets for the elements of a value. */
  static Target unpacking(List<Target> targets) {
    return (frame, value) -> {
      List<Object> elements = Values.elements(value);
      if (elements.size() != targets.size()) {
        throw new JinjaException(
            "cannot unpack " + elements.size() + " values into " + targets.size() + " names");
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(frame, elements.get(i));
      }
    };
  }
}
