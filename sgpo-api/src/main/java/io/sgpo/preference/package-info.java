/** Preferences: labelled pairs, and the models (judges) that compare two responses. */
@NullMarked
package io.sgpo.preference;

import org.jspecify.annotations.NullMarked;
