@NullMarked
package io.sgpo.slhf;

import org.jspecify.annotations.NullMarked;
