/** Placeholder. */
@NullMarked
package io.sgpo.lm;

import org.jspecify.annotations.NullMarked;
