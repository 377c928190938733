/**
 * Entry points: {@link io.sgpo.Aligner} trains a policy, {@link io.sgpo.Refiner} improves answers
 * at run time.
 */
@NullMarked
package io.sgpo;

import org.jspecify.annotations.NullMarked;
