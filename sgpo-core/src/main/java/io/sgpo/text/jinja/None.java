package io.sgpo.text.jinja;

/** Python's None, a value like others. */
enum None {
  NONE
}
