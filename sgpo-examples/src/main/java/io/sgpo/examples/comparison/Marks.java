package io.sgpo.examples.comparison;

import io.sgpo.Refiner;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.eval.Evaluation;
import io.sgpo.eval.PreferenceEstimate;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferenceModel;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured of a policy.
 *
 * @param preference the judge's mean preference for its answers over the start's
 * @param kl KL to the start per answer, in nats
 * @param matched the same preference once the policy is mixed with the start, geometrically and
 *     token by token, until the KL is the target; NaN where the policy's own KL is below it
 * @param tokens mean length of its answers
 */
record Marks(double preference, double kl, double matched, double tokens) {

  private static final int HALVINGS = 6;

  /** Measures policies against the start, on the same prompts and streams. */
  record Bench(
      FrozenPolicy start,
      PreferenceModel judge,
      List<Prompt> prompts,
      int newTokens,
      double targetKl,
      long seed) {

    Bench {
      prompts = List.copyOf(prompts);
    }

    private Sampling sampling(String purpose) {
      return Sampling.of(newTokens, Streams.key(seed, purpose));
    }

    private List<Response> startAnswers() {
      return responses(start.sample(prompts, sampling("start")));
    }

    Marks of(TrainablePolicy policy) {
      List<List<Sample>> drawn = policy.sample(prompts, sampling("policy"));
      return new Marks(preference(drawn), kl(drawn), matched(policy), length(drawn));
    }

    /** Of the follower, which improves the policy's own answers. */
    Marks ofFollower(TrainablePolicy policy) {
      List<Response> answers = responses(policy.sample(prompts, sampling("policy")));
      List<Prompt> followUps = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        followUps.add(prompts.get(i).followUp(answers.get(i).text(), Refiner.IMPROVE_INSTRUCTION));
      }
      List<List<Sample>> drawn = policy.sample(followUps, sampling("follower"));
      return new Marks(preference(drawn), kl(drawn), Double.NaN, length(drawn));
    }

    private double preference(List<List<Sample>> drawn) {
      PreferenceEstimate estimate =
          Evaluation.preference(prompts, responses(drawn), startAnswers(), judge, seed);
      return estimate.mean();
    }

    /** The mean of log p − log π_start over answers drawn from p. */
    private double kl(List<List<Sample>> drawn) {
      List<Sample> samples = drawn.stream().flatMap(List::stream).toList();
      List<Exchange> exchanges = samples.stream().map(Sample::exchange).toList();
      List<LogProbs> referred = start.logProbs(exchanges);
      double sum = 0;
      for (int i = 0; i < samples.size(); i++) {
        sum += samples.get(i).samplingLogProb() - referred.get(i).sum();
      }
      return sum / samples.size();
    }

    /** Halves the interval of the start's share in the mixture until its KL is the target. */
    private double matched(TrainablePolicy policy) {
      double low = 0;
      double high = 1;
      if (kl(mixed(policy, 0)) < targetKl) {
        return Double.NaN;
      }
      for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (kl(mixed(policy, middle)) > targetKl) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return preference(mixed(policy, (low + high) / 2));
    }

    private List<List<Sample>> mixed(TrainablePolicy policy, double share) {
      return policy.sampleMixture(prompts, sampling("policy"), start, share);
    }

    private static List<Response> responses(List<List<Sample>> drawn) {
      return drawn.stream().map(samples -> samples.get(0).exchange().response()).toList();
    }

    private static double length(List<List<Sample>> drawn) {
      return responses(drawn).stream()
          .mapToInt(response -> response.tokens().size())
          .average()
          .orElseThrow();
    }
  }
}
