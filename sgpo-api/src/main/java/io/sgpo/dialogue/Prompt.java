package io.sgpo.dialogue;

/**
 * What a policy answers: a {@link Conversation} (rendered by the model's chat template), a {@link
 * TextPrompt} (raw text to continue) or a {@link TokenPrompt} (token ids, for models without a
 * tokenizer).
 *
 * <p>Prompts are values: equal prompts are the same state of the game, so a table can be keyed by
 * them.
 */
public sealed interface Prompt permits Conversation, TextPrompt, TokenPrompt {

  /**
   * The prompt of the next move: this prompt, then the given answer, then a user's instruction. It
   * is how the follower of SLHF sees the leader's answer (arXiv 2512.16626, section 5).
   *
   * @param answer the text of the answer to this prompt
   * @param instruction what the user asks next
   * @throws IllegalStateException if this is a {@link TokenPrompt}, to which text cannot be added
   */
  Prompt followUp(String answer, String instruction);
}
