/** Which few of many points stand for all. */
@NullMarked
package io.sgpo.solvers.selection;

import org.jspecify.annotations.NullMarked;
