/** One alignment run: its options, events, metrics and result. */
@NullMarked
package io.sgpo.run;

import org.jspecify.annotations.NullMarked;
