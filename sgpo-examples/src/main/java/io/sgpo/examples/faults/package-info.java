/** Programs that kill runs and compare what is left of them. */
@NullMarked
package io.sgpo.examples.faults;

import org.jspecify.annotations.NullMarked;
