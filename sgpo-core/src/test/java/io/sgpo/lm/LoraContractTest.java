package io.sgpo.lm;

import io.sgpo.policy.TrainablePolicy;
import java.io.IOException;

/** The contract on an adapter over a random Llama. */
class LoraContractTest extends CausalLmContractTest {

  private static final LoraOptions LORA = LoraOptions.rank(4).alpha(8).allLinear();

  @Override
  protected TrainablePolicy newPolicy(long seed) {
    try {
      return CausalLm.create(CONFIG, null, seed, GoldenModel.OPTIONS.withLora(LORA.seed(seed)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected double learningRate() {
    return 0.01;
  }

  @Override
  protected double gradientStep() {
    return 1e-2;
  }
}
