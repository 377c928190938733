/** Tests of the command line, in process and as a process. */
@NullMarked
package io.sgpo.examples.cli;

import org.jspecify.annotations.NullMarked;
