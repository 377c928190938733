/**
 * The commands of {@code sgpo}, one class each: what a Java user would write against the public
 * API. Results go to standard output as JSON or JSON Lines, all else to standard error; the exit
 * status is 0 when done, 2 for bad usage or bad input, 1 for anything else.
 */
@NullMarked
package io.sgpo.examples.cli;

import org.jspecify.annotations.NullMarked;
