/**
 * Judges: preference models made of reward models, of a language model that is shown both answers,
 * and of other judges; and the training of reward models.
 */
@NullMarked
package io.sgpo.judge;

import org.jspecify.annotations.NullMarked;
