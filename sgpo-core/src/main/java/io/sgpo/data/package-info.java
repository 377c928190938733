/** Prompts, preferences and exchanges in JSON Lines files, in the forms that TRL documents. */
@NullMarked
package io.sgpo.data;

import org.jspecify.annotations.NullMarked;
