/**
 * A policy that is a table: the engines' unit tests run on it in milliseconds, without native code.
 */
@NullMarked
package io.sgpo.tabular;

import org.jspecify.annotations.NullMarked;
