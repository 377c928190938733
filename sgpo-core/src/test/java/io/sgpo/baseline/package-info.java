@NullMarked
package io.sgpo.baseline;

import org.jspecify.annotations.NullMarked;
