/** {@code sgpo figures}: the pictures and tables of the documentation, computed. */
@NullMarked
package io.sgpo.examples.figures;

import org.jspecify.annotations.NullMarked;
