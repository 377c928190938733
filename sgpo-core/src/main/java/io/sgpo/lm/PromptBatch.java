package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Prompts that go through the model together, padded on the right to the longest.
 *
 * @param prompts at least one, none empty
 * @param width the length of the longest
 */
record PromptBatch(List<int[]> prompts, int width) {

  static PromptBatch of(List<int[]> prompts) {
    return new PromptBatch(
        prompts, prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow());
  }

  /** Token ids, [prompts, width]. */
  NDArray ids(NDManager manager) {
    long[] ids = new long[prompts.size() * width];
    for (int i = 0; i < prompts.size(); i++) {
      int[] prompt = prompts.get(i);
      for (int t = 0; t < prompt.length; t++) {
        ids[i * width + t] = prompt[t];
      }
    }
    return manager.create(ids, new Shape(prompts.size(), width));
  }

  /** Where in the flattened rows each prompt's last token lies, [prompts]. */
  NDArray last(NDManager manager) {
    long[] last = new long[prompts.size()];
    for (int i = 0; i < last.length; i++) {
      last[i] = (long) i * width + prompts.get(i).length - 1;
    }
    return manager.create(last);
  }
}
