package io.sgpo.examples.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Objects;

/**
 * The program's standard streams.
 *
 * @param in standard input
 * @param out standard output, for results only
 * @param err standard error, for messages and progress bars
 * @param interactive whether standard error is a terminal that can show progress bars
 */
public record Terminal(InputStream in, Writer out, PrintWriter err, boolean interactive) {
  public Terminal {
    Objects.requireNonNull(in, "in");
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
  }
}
