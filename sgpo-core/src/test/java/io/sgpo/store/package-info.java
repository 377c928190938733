@NullMarked
package io.sgpo.store;

import org.jspecify.annotations.NullMarked;
