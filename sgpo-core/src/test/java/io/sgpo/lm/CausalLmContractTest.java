package io.sgpo.lm;

import io.sgpo.contract.TrainablePolicyContract;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The contract on a random Llama of token ids. */
class CausalLmContractTest extends TrainablePolicyContract {

  static final ModelConfig CONFIG =
      ModelConfig.llama(24, 16, 32, 2, 4, 2).withMaxPositions(32).withEndOfSequence(Set.of(1));

  private static final List<Prompt> PROMPTS =
      List.of(
          TokenPrompt.of(3, 4, 5),
          TokenPrompt.of(7),
          TokenPrompt.of(9, 2, 9, 2, 11, 12, 13),
          TokenPrompt.of(20, 21));

  @Override
  protected TrainablePolicy newPolicy(long seed) {
    try {
      return CausalLm.create(CONFIG, null, seed, GoldenModel.OPTIONS);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected List<Prompt> prompts() {
    return PROMPTS;
  }

  @Override
  protected List<PreferencePair> pairs() {
    return List.of(
        pair(0, Tokens.of(4, 6, 1), Tokens.of(8)),
        pair(1, Tokens.of(10), Tokens.of(11, 12, 13, 14, 15, 1)),
        pair(2, Tokens.of(22, 1), Tokens.of(23, 22)),
        pair(3, Tokens.of(5, 5, 5, 5), Tokens.of(6, 7, 1)));
  }

  private static PreferencePair pair(int prompt, Tokens chosen, Tokens rejected) {
    return new PreferencePair(
        PROMPTS.get(prompt), Response.ofTokens(chosen), Response.ofTokens(rejected));
  }

  @Override
  protected double tolerance() {
    return 1e-4;
  }

  @Override
  protected double learningRate() {
    return 0.003;
  }

  @Override
  protected double gradientStep() {
    return 2e-4;
  }

  @Override
  protected double gradientTolerance() {
    return 0.05;
  }
}
