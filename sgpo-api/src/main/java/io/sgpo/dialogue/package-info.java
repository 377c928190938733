/** What is said: prompts, conversations, responses and their tokens. */
@NullMarked
package io.sgpo.dialogue;

import org.jspecify.annotations.NullMarked;
