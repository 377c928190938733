/** What the engines' training loops share: optimizer, clipping, batches, settings. */
@NullMarked
package io.sgpo.train;

import org.jspecify.annotations.NullMarked;
