package io.sgpo.text.jinja;

/**
 * What a name, key or attribute without a value evaluates to: prints as nothing, is false and
 * empty, and is an error to look into or to calculate with.
 *
 * @param name what was looked up
 */
record Undefined(String name) {

  JinjaException refusal() {
    return new JinjaException("\"" + name + "\" is undefined");
  }
}
