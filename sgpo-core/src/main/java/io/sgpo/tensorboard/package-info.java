/** Event files that TensorBoard reads. */
@NullMarked
package io.sgpo.tensorboard;

import org.jspecify.annotations.NullMarked;
