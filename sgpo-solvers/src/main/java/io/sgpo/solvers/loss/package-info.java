/** Losses of the preference gap: tangent surrogates for followers, pair losses for leaders. */
@NullMarked
package io.sgpo.solvers.loss;

import org.jspecify.annotations.NullMarked;
