package io.sgpo.text.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text the characters; of a string, its value
 * @param line where it starts, from 1
 */
record Token(Kind kind, String text, int line) {

  enum Kind {
    DATA,
    OUTPUT_BEGIN,
    OUTPUT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind other, String value) {
    return kind == other && text.equals(value);
  }

  boolean isName(String value) {
    return is(Kind.NAME, value);
  }

  boolean isOperator(String value) {
    return is(Kind.OPERATOR, value);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "the end of the template" : "\"" + text + "\"";
  }
}
