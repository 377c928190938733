/** Placeholder. */
@NullMarked
package io.sgpo.solvers;

import org.jspecify.annotations.NullMarked;
