/**
 * Weights on disk: safetensors files, sharded model folders, and directories that are complete or
 * not there.
 */
@NullMarked
package io.sgpo.checkpoint;

import org.jspecify.annotations.NullMarked;
