@NullMarked
package io.sgpo.judge;

import org.jspecify.annotations.NullMarked;
