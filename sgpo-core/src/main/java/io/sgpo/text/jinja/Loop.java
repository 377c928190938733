package io.sgpo.text.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * A for statement. Every pass has a scope of its own, so what it sets is gone in the next one.
 *
 * @param target the loop variable
 * @param items what is looped over
 * @param filter which items count
 * @param body what is repeated
 * @param otherwise what is run when there is no item
 */
record Loop(Target target, Expression items, Expression filter, Statement body, Statement otherwise)
    implements Statement {

  @Override
  public Exit run(Frame frame, StringBuilder out) {
    List<Object> passing = new ArrayList<>();
    for (Object item : Values.elements(items.in(frame))) {
      frame.budget().step();
      Frame test = frame.inner();
      target.assign(test, item);
      if (Values.truth(filter.in(test))) {
        passing.add(item);
      }
    }
    if (passing.isEmpty()) {
      return otherwise.run(frame.inner(), out);
    }
    for (int i = 0; i < passing.size(); i++) {
      frame.budget().step();
      Frame pass = frame.inner();
      pass.set("loop", new State(passing, i));
      target.assign(pass, passing.get(i));
      if (body.run(pass, out) == Exit.BREAK) {
        break;
      }
    }
    return Exit.NORMAL;
  }

  /**
   * The {@code loop} variable.
   *
   * @param items all items
   * @param index of the present one
   */
  record State(List<Object> items, int index) {

    Object attribute(String name) {
      int size = items.size();
      return switch (name) {
        case "index" -> (long) index + 1;
        case "index0" -> (long) index;
        case "revindex" -> (long) size - index;
        case "revindex0" -> (long) size - index - 1;
        case "first" -> index == 0;
        case "last" -> index == size - 1;
        case "length" -> (long) size;
        case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("loop.previtem");
        case "nextitem" -> index < size - 1 ? items.get(index + 1) : new Undefined("loop.nextitem");
        case "cycle" ->
            (Callable)
                arguments ->
                    arguments.positional().get(index % Math.max(1, arguments.positional().size()));
        default -> throw JinjaException.unsupported("loop." + name);
      };
    }
  }
}
