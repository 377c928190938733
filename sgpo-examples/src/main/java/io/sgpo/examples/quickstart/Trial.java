package io.sgpo.examples.quickstart;

import io.sgpo.policy.Policy;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import java.util.List;

/**
 * What all methods of one trial share: its prompts, its labels, and the starting model's answers to
 * the test prompts.
 *
 * @param seed the trial's seed
 * @param settings of the run
 * @param split the prompts
 * @param labels the labelled pairs
 * @param startAnswers for each test prompt, the starting model's answers
 */
record Trial(
    long seed, Settings settings, Split split, SeedLabels labels, List<List<Sample>> startAnswers) {

  Trial {
    startAnswers = List.copyOf(startAnswers);
  }

  /** Draws prompts, pairs, labels and answers of a trial. */
  static Trial draw(long seed, Policy start, Settings settings) {
    Settings.Data data = settings.data();
    Split split =
        Split.of(
            seed,
            data.seedPairs(),
            data.promptsPerRound() * settings.training().rounds(),
            data.testPrompts());
    Sampling sampling = Sampling.of(settings.maxNewTokens(), 0);
    SeedLabels labels = SeedLabels.draw(start, split.seeds(), data.flipShare(), sampling, seed);
    List<List<Sample>> answers =
        start.sample(split.test(), testSampling(seed, settings, "start-answers"));
    return new Trial(seed, settings, split, labels, answers);
  }

  /** How answers to the test prompts are drawn: unfiltered, at temperature 1. */
  Sampling testSampling(String purpose) {
    return testSampling(seed, settings, purpose);
  }

  private static Sampling testSampling(long seed, Settings settings, String purpose) {
    return Sampling.of(settings.maxNewTokens(), Streams.key(seed, purpose))
        .withSamplesPerPrompt(settings.data().answersPerPrompt());
  }
}
