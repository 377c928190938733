package io.sgpo.examples.pages;

import io.sgpo.contract.TrainablePolicyContract;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.preference.PreferencePair;
import java.util.List;

// begin: contract
class BigramPolicyContractTest extends TrainablePolicyContract {

  private static final List<String> WORDS = List.of("the", "cat", "dog", "sat", "ran");

  @Override
  protected TrainablePolicy newPolicy(long seed) {
    BigramPolicy policy = new BigramPolicy(WORDS);
    Exchange exchange =
        new Exchange(new TextPrompt("the"), Response.of(WORDS.get((int) (seed % WORDS.size()))));
    policy.step( // weights that are a function of the seed
        List.of(TrainingGroup.of(TrainingItem.of(exchange))),
        Objective.supervised(),
        StepOptions.of(0.3, 1));
    return policy;
  }

  @Override
  protected List<Prompt> prompts() {
    return List.of(new TextPrompt("the"), new TextPrompt("a cat"), new TextPrompt("the dog"));
  }

  @Override
  protected List<PreferencePair> pairs() {
    return List.of(
        PreferencePair.of(new TextPrompt("the"), "cat sat", "dog ran"),
        PreferencePair.of(new TextPrompt("the"), "dog", "cat cat ran"),
        PreferencePair.of(new TextPrompt("a cat"), "sat", "ran"),
        PreferencePair.of(new TextPrompt("the dog"), "ran the cat", "sat"));
  }
}
// end
