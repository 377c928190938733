package io.sgpo.ssapo;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A world of 12 prompts with 5 answers each, of which the later ones are better. */
public final class TinyWorld {

  public static final List<Prompt> PROMPTS = prompts();
  public static final List<String> ANSWERS = List.of("a", "b", "c", "d", "e");

  private final long seed;

  public TinyWorld(long seed) {
    this.seed = seed;
  }

  private static List<Prompt> prompts() {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      prompts.add(Conversation.user("question " + i));
    }
    return List.copyOf(prompts);
  }

  /** Logits drawn from the world's seed. */
  public TabularPolicy policy() {
    SplittableRandom random = Streams.of(seed, "logits");
    Map<Prompt, List<Response>> candidates = new HashMap<>();
    Map<Prompt, double[]> logits = new HashMap<>();
    for (Prompt prompt : PROMPTS) {
      candidates.put(prompt, ANSWERS.stream().map(Response::of).toList());
      logits.put(prompt, random.doubles(ANSWERS.size(), -0.5, 0.5).toArray());
    }
    return TabularPolicy.of(candidates, logits);
  }

  /** Three labelled pairs of every prompt. */
  public List<PreferencePair> seeds() {
    SplittableRandom random = Streams.of(seed, "seeds");
    List<PreferencePair> pairs = new ArrayList<>();
    for (Prompt prompt : PROMPTS) {
      for (int k = 0; k < 3; k++) {
        int worse = random.nextInt(ANSWERS.size() - 1);
        int better = random.nextInt(worse + 1, ANSWERS.size());
        pairs.add(PreferencePair.of(prompt, ANSWERS.get(better), ANSWERS.get(worse)));
      }
    }
    return pairs;
  }

  /** p = 1 for the better answer, ½ for equal ones. */
  public static PreferenceModel judge() {
    return PreferenceModel.of(
        comparison ->
            (1 + Integer.signum(quality(comparison.first()) - quality(comparison.second()))) / 2.0);
  }

  private static int quality(Response response) {
    return ANSWERS.indexOf(response.text());
  }

  /** Mean index of the answer drawn. */
  public static double quality(TabularPolicy policy) {
    double sum = 0;
    for (Prompt prompt : PROMPTS) {
      double[] p = policy.probabilities(prompt);
      for (int k = 0; k < p.length; k++) {
        sum += k * p[k];
      }
    }
    return sum / PROMPTS.size();
  }

  /** A run that takes milliseconds; the engine is still to be named. */
  public Aligner.Builder aligner(TabularPolicy policy) {
    return Aligner.builder()
        .policy(policy)
        .seedPreferences(seeds())
        .seed(seed)
        .learningRate(0.05)
        .batchSize(8);
  }

  /** The same with prompts and two rounds. */
  public Aligner.Builder rounds(TabularPolicy policy) {
    return aligner(policy).prompts(PROMPTS).rounds(2).samplesPerPrompt(4);
  }

  public static String digest(TabularPolicy policy) {
    try (FrozenPolicy frozen = policy.reference()) {
      return frozen.digest();
    }
  }

  /** log π of an answer to a prompt. */
  public static double logProb(TabularPolicy policy, Prompt prompt, Response response) {
    return policy.logProbs(List.of(new Exchange(prompt, response))).get(0).sum();
  }
}
