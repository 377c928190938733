package io.sgpo.text.jinja;

/**
 * A template that cannot be read or rendered: a syntax error, a construct that is not supported, a
 * wrong type, an exhausted budget, or the template's own {@code raise_exception}. The message names
 * the construct or value, and the line where it is known.
 */
public final class JinjaException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  public JinjaException(String message) {
    super(message);
  }

  static JinjaException at(int line, String message) {
    return new JinjaException("line " + line + ": " + message);
  }

  static JinjaException unsupported(String construct) {
    return new JinjaException("unsupported template construct: " + construct);
  }
}
