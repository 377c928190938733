@NullMarked
package io.sgpo.tabular;

import org.jspecify.annotations.NullMarked;
