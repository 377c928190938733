/**
 * The loop that SLHF, RLOO and Nash-MD share: draw answers, have them judged, score them by the
 * reference, step.
 */
@NullMarked
package io.sgpo.onpolicy;

import org.jspecify.annotations.NullMarked;
