@NullMarked
package io.sgpo.architecture;

import org.jspecify.annotations.NullMarked;
