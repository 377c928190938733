package io.sgpo.examples.comparison;

import io.sgpo.Refiner;
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
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * What is measured of a policy.
 *
 * @param preference the judge's mean preference for its answers over the start's
 * @param kl KL to the start per answer, in nats
 * @param matched the same preference once the policy is mixed with the start, geometrically and
 *     token by token, until the KL is the target; as it is where its own KL is below the target
 * @param tokens mean length of its answers
 */
record Marks(double preference, double kl, double matched, double tokens) {

  /** Measures policies against the start, on the same prompts and streams. */
  record Bench(
      FrozenPolicy start,
      PreferenceModel judge,
      List<Prompt> prompts,
      int newTokens,
      double targetKl,
      long seed) {

    private static final int HALVINGS = 6;
    private static final int ANSWERS = 4;

    /** Every prompt is answered several times. */
    Bench {
      prompts =
          prompts.stream()
              .flatMap(prompt -> Collections.nCopies(ANSWERS, prompt).stream())
              .toList();
    }

    Marks of(TrainablePolicy policy) {
      return marks(policy, prompts, "policy");
    }

    /** Of the follower, which improves each of the policy's own answers once. */
    Marks ofFollower(TrainablePolicy policy) {
      List<Response> answers = responses(policy.sample(prompts, sampling("policy")));
      List<Prompt> followUps = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        followUps.add(prompts.get(i).followUp(answers.get(i).text(), Refiner.IMPROVE_INSTRUCTION));
      }
      return marks(policy, followUps, "follower");
    }

    /** Of answers to what is asked, each judged as an answer to the prompt in its place. */
    private Marks marks(TrainablePolicy policy, List<Prompt> asked, String purpose) {
      Sampling sampling = sampling(purpose);
      DoubleFunction<List<List<Sample>>> mixed =
          share -> policy.sampleMixture(asked, sampling, start, share);
      List<List<Sample>> own = policy.sample(asked, sampling);
      double matched = preference(mixed.apply(share(mixed)));
      return new Marks(preference(own), kl(own), matched, length(own));
    }

    /** Halves the interval of the start's share in the mixture until its KL is the target. */
    private double share(DoubleFunction<List<List<Sample>>> mixed) {
      double low = 0;
      double high = 1;
      if (kl(mixed.apply(0)) <= targetKl) {
        return 0;
      }
      for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (kl(mixed.apply(middle)) > targetKl) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return (low + high) / 2;
    }

    private Sampling sampling(String purpose) {
      return Sampling.of(newTokens, Streams.key(seed, purpose));
    }

    private double preference(List<List<Sample>> drawn) {
      List<Response> startAnswers = responses(start.sample(prompts, sampling("start")));
      PreferenceEstimate estimate =
          Evaluation.preference(prompts, responses(drawn), startAnswers, judge, seed);
      return estimate.mean();
    }

    /** The mean of log p − log π_start over answers drawn from p. */
    private double kl(List<List<Sample>> drawn) {
      List<Sample> samples = drawn.stream().map(only -> only.get(0)).toList();
      List<LogProbs> referred = start.logProbs(samples.stream().map(Sample::exchange).toList());
      double sum = 0;
      for (int i = 0; i < samples.size(); i++) {
        sum += samples.get(i).samplingLogProb() - referred.get(i).sum();
      }
      return sum / samples.size();
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
