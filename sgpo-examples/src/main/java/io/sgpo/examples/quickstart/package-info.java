/**
 * The main job of the project on an embedded task: a tiny language, a model that learns it, and the
 * methods aligned with a preference that is a computable function.
 */
@NullMarked
package io.sgpo.examples.quickstart;

import org.jspecify.annotations.NullMarked;
