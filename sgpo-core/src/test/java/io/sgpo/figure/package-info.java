@NullMarked
package io.sgpo.train;

import org.jspecify.annotations.NullMarked;
