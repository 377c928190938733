package io.sgpo.examples.figures;

import io.sgpo.Aligner;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.solvers.follower.Reweighted;
import io.sgpo.solvers.follower.Reweighting;
import io.sgpo.solvers.loss.ProbabilityTangents;
import io.sgpo.solvers.loss.Tangents;
import java.util.List;

/** The code of docs/which-follower.md, compiled; a test holds that the page says the same. */
final class WhichFollowerExamples {

  private WhichFollowerExamples() {}

  /** The other followers. */
  static List<WorstCase> others(double[] gaps, Ambiguity ball) {
    // begin: others
    Ambiguity tangents = ball.loss(Tangents.probability(6, ball.lower(), ball.upper()));
    WorstCase surrogate = Followers.exact().solve(gaps, tangents); // the program's value, exactly
    WorstCase program = Followers.lp().solve(gaps, tangents); // the same by the simplex method
    WorstCase grouped = Followers.grouped(100, 7).solve(gaps, ball);
    WorstCase dual = Followers.primalDual().solve(gaps, ball);
    WorstCase soft = Followers.entropic(0.03, 16).solve(gaps, ball);
    WorstCase onProbabilities =
        new ProbabilityScale(Followers.exact()).solve(gaps, 0.01, 0, 1, new ProbabilityTangents(6));
    // end
    return List.of(surrogate, program, grouped, dual, soft, onProbabilities);
  }

  /** What a solve tells. */
  @SuppressWarnings("ArrayRecordComponent") // internal, never changed
  record Radius(double saturation, double[] weights) {}

  /** Radius and support. */
  static Radius radius(double[] gaps) {
    // begin: radius
    Ambiguity ball = Ambiguity.wasserstein(0.86).supportAround(gaps, 1); // [min − 1, max + 1]
    WorstCase worst = Followers.exact().solve(gaps, ball);
    double share = worst.saturation(); // ε / (mean ξ − a): 0 is DPO, at 1 nothing is left to learn
    double[] weights = worst.weights(LeaderWeighting.ENVELOPE);
    // end
    return new Radius(share, weights);
  }

  /** The same in an engine. */
  static Aligner.Builder engine() {
    // begin: engine
    Aligner.Builder aligner =
        Aligner.builder()
            .relativeRadius(0.2) // ρ; or .epsilon(0.01) in units of the gap, as the paper has it
            .supportMargin(1) // τ: a = min ξ − τ
            .weighting(LeaderWeighting.ENVELOPE);
    // end
    return aligner;
  }

  /** Reweighting. */
  static double[] reweighting(double[] losses) {
    // begin: reweighting
    Reweighted kl = Reweighting.kl(losses, 0.1); // ρ in nats; also chiSquared and cvar
    double[] weights = kl.weights();
    // end
    return weights;
  }
}
