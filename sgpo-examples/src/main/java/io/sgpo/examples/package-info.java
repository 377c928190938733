/** The program {@code sgpo}: {@link io.sgpo.examples.Sgpo} lists its commands. */
@NullMarked
package io.sgpo.examples;

import org.jspecify.annotations.NullMarked;
