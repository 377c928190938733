/** All methods from one start, on real preferences, at equal budgets. */
@NullMarked
package io.sgpo.examples.comparison;

import org.jspecify.annotations.NullMarked;
