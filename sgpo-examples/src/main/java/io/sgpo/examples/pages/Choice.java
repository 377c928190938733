package io.sgpo.examples.pages;

import io.sgpo.policy.Sampling;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A token drawn from a distribution that top-k and then top-p may have cut.
 *
 * @param token the token
 * @param logProb its log-probability under what is left of the distribution
 */
record Choice(int token, double logProb) {

  /** Draws a token; at temperature 0 the most probable one. */
  static Choice of(double[] logProbs, Sampling sampling, SplittableRandom random) {
    List<Integer> ranked =
        IntStream.range(0, logProbs.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer token) -> -logProbs[token]))
            .toList();
    List<Integer> kept = ranked.subList(0, kept(logProbs, ranked, sampling));
    double mass = kept.stream().mapToDouble(token -> Math.exp(logProbs[token])).sum();
    double target = random.nextDouble() * mass;
    int drawn = kept.get(kept.size() - 1);
    for (int token : kept) {
      target -= Math.exp(logProbs[token]);
      if (target < 0) {
        drawn = token;
        break;
      }
    }
    boolean whole = kept.size() == logProbs.length;
    return new Choice(drawn, whole ? logProbs[drawn] : logProbs[drawn] - Math.log(mass));
  }

  private static int kept(double[] logProbs, List<Integer> ranked, Sampling sampling) {
    if (sampling.temperature() == 0) {
      return 1;
    }
    int topK = sampling.topK() == 0 ? ranked.size() : Math.min(sampling.topK(), ranked.size());
    double all = ranked.stream().limit(topK).mapToDouble(w -> Math.exp(logProbs[w])).sum();
    double mass = 0;
    for (int i = 0; i < topK; i++) {
      mass += Math.exp(logProbs[ranked.get(i)]);
      if (sampling.topP() < 1 && mass >= sampling.topP() * all) {
        return i + 1;
      }
    }
    return topK;
  }
}
