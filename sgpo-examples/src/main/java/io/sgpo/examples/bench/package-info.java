/** JMH benchmarks; they never run in the build. */
@NullMarked
package io.sgpo.examples.bench;

import org.jspecify.annotations.NullMarked;
