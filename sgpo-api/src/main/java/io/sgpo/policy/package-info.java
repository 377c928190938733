/** The seam between engines and policies: scores (log-probabilities) down, coefficients back. */
@NullMarked
package io.sgpo.policy;

import org.jspecify.annotations.NullMarked;
