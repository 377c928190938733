@NullMarked
package io.sgpo.eval;

import org.jspecify.annotations.NullMarked;
