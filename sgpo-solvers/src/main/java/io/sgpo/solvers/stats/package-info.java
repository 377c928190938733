/** Statistics of evaluations: rates and differences with intervals, effective sample sizes. */
@NullMarked
package io.sgpo.solvers.stats;

import org.jspecify.annotations.NullMarked;
