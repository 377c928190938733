@NullMarked
package io.sgpo.tensorboard;

import org.jspecify.annotations.NullMarked;
