@NullMarked
package io.sgpo.figure;

import org.jspecify.annotations.NullMarked;
