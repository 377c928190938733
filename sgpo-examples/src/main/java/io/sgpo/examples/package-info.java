/** Placeholder. */
@NullMarked
package io.sgpo.examples;

import org.jspecify.annotations.NullMarked;
