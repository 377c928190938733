package io.sgpo.text.jinja;

/** A value that can be called: a function, a bound method or a macro. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments);
}
