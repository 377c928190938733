/** Diagrams as SVG: axes, lines, points and intervals, in light and dark. */
@NullMarked
package io.sgpo.figure;

import org.jspecify.annotations.NullMarked;
