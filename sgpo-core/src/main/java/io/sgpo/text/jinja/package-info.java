/**
 * An interpreter of the part of Jinja 2 that chat templates are written in, with Python's meaning
 * of values. What it does not know it refuses by name; it never guesses.
 */
@NullMarked
package io.sgpo.text.jinja;

import org.jspecify.annotations.NullMarked;
