/**
 * From conversations to token ids and back: tokenizer, chat template, and the one renderer that
 * everything else uses.
 */
@NullMarked
package io.sgpo.text;

import org.jspecify.annotations.NullMarked;
