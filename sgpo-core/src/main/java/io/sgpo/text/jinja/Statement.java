package io.sgpo.text.jinja;

import java.util.List;

/** A statement, compiled to a closure that appends to the output. */
@FunctionalInterface
interface Statement {

  /** How a statement was left. */
  enum Exit {
    NORMAL,
    BREAK,
    CONTINUE
  }

  Exit run(Frame frame, StringBuilder out);

  static Statement text(String text) {
    return (frame, out) -> {
      append(frame, out, text);
      return Exit.NORMAL;
    };
  }

  static Statement output(Expression expression) {
    return (frame, out) -> {
      append(frame, out, Values.text(expression.in(frame)));
      return Exit.NORMAL;
    };
  }

  static Statement sequence(List<Statement> statements) {
    return (frame, out) -> {
      for (Statement statement : statements) {
        Exit exit = statement.run(frame, out);
        if (exit != Exit.NORMAL) {
          return exit;
        }
      }
      return Exit.NORMAL;
    };
  }

  private static void append(Frame frame, StringBuilder out, String text) {
    frame.budget().build(text.length());
    frame.budget().limit((long) out.length() + text.length());
    out.append(text);
  }
}
