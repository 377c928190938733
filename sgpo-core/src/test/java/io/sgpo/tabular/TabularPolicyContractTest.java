package io.sgpo.tabular;

import io.sgpo.contract.TrainablePolicyContract;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TextPrompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class TabularPolicyContractTest extends TrainablePolicyContract {

  private static final List<Prompt> PROMPTS =
      List.of(Conversation.user("one"), new TextPrompt("two"), TokenPrompt.of(3, 1, 4));
  private static final List<Response> CANDIDATES =
      List.of("a", "b", "c", "").stream().map(Response::of).toList();

  @Override
  protected TrainablePolicy newPolicy(long seed) {
    SplittableRandom random = Streams.of(seed, "logits");
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    Map<Prompt, double[]> logits = new HashMap<>();
    for (Prompt prompt : PROMPTS) {
      candidates.put(prompt, CANDIDATES);
      logits.put(prompt, random.doubles(CANDIDATES.size(), -1, 1).toArray());
    }
    return TabularPolicy.of(candidates, logits);
  }

  @Override
  protected List<Prompt> prompts() {
    return PROMPTS;
  }

  @Override
  protected List<PreferencePair> pairs() {
    return List.of(
        PreferencePair.of(PROMPTS.get(0), "a", "b"),
        PreferencePair.of(PROMPTS.get(1), "c", "a"),
        PreferencePair.of(PROMPTS.get(2), "b", "c"),
        PreferencePair.of(PROMPTS.get(0), "c", "b"));
  }
}
