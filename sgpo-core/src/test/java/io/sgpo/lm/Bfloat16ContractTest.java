package io.sgpo.lm;

import io.sgpo.policy.TrainablePolicy;
import java.io.IOException;

/**
 * The contract on a random Llama in bfloat16. Rounding to 8 bits of mantissa makes one computation
 * differ from another of the same number, and the effect of a small step coarse.
 */
class Bfloat16ContractTest extends CausalLmContractTest {

  @Override
  protected TrainablePolicy newPolicy(long seed) {
    try {
      CausalLmOptions options = GoldenModel.OPTIONS.withPrecision(Precision.BFLOAT16);
      return CausalLm.create(CONFIG, null, seed, options);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected double tolerance() {
    return 0.02;
  }

  @Override
  protected double learningRate() {
    return 0.01;
  }

  @Override
  protected double gradientStep() {
    return 4e-4;
  }

  @Override
  protected double gradientTolerance() {
    return 0.15;
  }
}
