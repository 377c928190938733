package io.sgpo.text.jinja;

/** An expression, compiled to a closure. */
@FunctionalInterface
interface Expression {
  Object in(Frame frame);
}
