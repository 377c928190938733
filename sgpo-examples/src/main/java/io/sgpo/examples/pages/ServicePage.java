package io.sgpo.examples.pages;

import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.MemoryEstimate;
import java.io.IOException;
import java.nio.file.Path;

/** The rest of the code of docs/service.md. */
final class ServicePage {

  private ServicePage() {}

  /** Memory before and while. */
  static long memory(Path modelFolder, long bytes) throws IOException {
    // begin: memory
    CausalLmOptions options = CausalLmOptions.DEFAULT.withThreads(4).withMemoryLimit(bytes);
    try (CausalLm policy = CausalLm.load(modelFolder, options)) { // refused if it does not fit
      MemoryEstimate memory = MemoryEstimate.of(policy.config(), options);
      long training = memory.training(4 * 512); // bytes, if 2048 tokens go through at once
      // end
      return training;
    }
  }
}
