/** The run directory: manifest, records, checkpoints and the lock of a run. */
@NullMarked
package io.sgpo.store;

import org.jspecify.annotations.NullMarked;
