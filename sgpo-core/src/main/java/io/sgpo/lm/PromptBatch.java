package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The ends of prompts that go through the model together: the last tokens of each, as many as the
 * width; of a shorter prompt all of them, padded on the right.
 *
 * @param prompts at least one, none empty
 * @param width {@code >= 1}
 */
record PromptBatch(List<int[]> prompts, int width) {

  /** Whole prompts. */
  static PromptBatch of(List<int[]> prompts) {
    return new PromptBatch(prompts, longest(prompts));
  }

  private static int longest(List<int[]> prompts) {
    return prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
  }

  /** The length of the longest prompt. */
  int slots() {
    return longest(prompts);
  }

  private int begin(int prompt) {
    return Math.max(0, prompts.get(prompt).length - width);
  }

  /** The position of each row's first token in its prompt, [prompts]. */
  long[] begins() {
    long[] begins = new long[prompts.size()];
    for (int i = 0; i < begins.length; i++) {
      begins[i] = begin(i);
    }
    return begins;
  }

  /** Token ids, [prompts, width]. */
  NDArray ids(NDManager manager) {
    long[] ids = new long[prompts.size() * width];
    for (int i = 0; i < prompts.size(); i++) {
      int[] prompt = prompts.get(i);
      for (int t = begin(i); t < prompt.length; t++) {
        ids[i * width + t - begin(i)] = prompt[t];
      }
    }
    return manager.create(ids, new Shape(prompts.size(), width));
  }

  /** Where in the flattened rows each prompt's last token lies, [prompts]. */
  NDArray last(NDManager manager) {
    long[] last = new long[prompts.size()];
    for (int i = 0; i < last.length; i++) {
      last[i] = (long) i * width + prompts.get(i).length - begin(i) - 1;
    }
    return manager.create(last);
  }
}
