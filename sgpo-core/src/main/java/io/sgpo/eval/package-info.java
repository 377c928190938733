/** Measuring policies: preferences between them, distances to a reference. */
@NullMarked
package io.sgpo.eval;

import org.jspecify.annotations.NullMarked;
