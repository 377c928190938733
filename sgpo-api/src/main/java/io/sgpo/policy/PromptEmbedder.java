package io.sgpo.policy;

import io.sgpo.dialogue.Prompt;
import java.util.List;

/**
 * What a policy may offer beside drawing and scoring: prompts as points, so that unlike ones lie
 * far apart. A policy has it by implementing this.
 */
public interface PromptEmbedder {

  /**
   * The prompts' embeddings: for a language model, the last token's last hidden state, after the
   * final norm.
   *
   * @param prompts the prompts, possibly none
   * @return for every prompt, in order, a vector of one dimension that is the same for all; the
   *     caller owns it
   * @throws IllegalArgumentException if a prompt cannot be read by this policy, naming its row
   */
  List<float[]> embeddings(List<? extends Prompt> prompts);
}
