@NullMarked
package io.sgpo.onpolicy;

import org.jspecify.annotations.NullMarked;
