/**
 * Causal language models on DJL's PyTorch engine: configuration, weights, kernels, scoring,
 * generation, training.
 */
@NullMarked
package io.sgpo.lm;

import org.jspecify.annotations.NullMarked;
