package io.sgpo.examples.figures;

import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.ProbabilityScale;
import io.sgpo.solvers.follower.Reweighted;
import io.sgpo.solvers.follower.Reweighting;
import io.sgpo.solvers.loss.ProbabilityLoss;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Adversaries that are brought to the same robust value, each by a radius of its own. */
enum Adversary {
  EXACT("Wasserstein, exact", "ε", NormalGaps.saturatingRadius(1)) {
    @Override
    Outcome at(double radius) {
      return Outcome.of(radius, NormalGaps.exact(radius));
    }
  },
  ENTROPIC("Wasserstein, entropic, T = 0.1", "ε", NormalGaps.saturatingRadius(1)) {
    @Override
    Outcome at(double radius) {
      return Outcome.of(
          radius, Followers.entropic(0.1, 16).solve(NormalGaps.gaps(), NormalGaps.ball(radius)));
    }
  },
  PROBABILITY("Wasserstein on probabilities", "ε", 0.5) {
    @Override
    Outcome at(double radius) {
      double lower = -GapLoss.logistic().slope(-NormalGaps.ball(0).lower()); // σ(a)
      return Outcome.of(
          radius,
          new ProbabilityScale(Followers.exact())
              .solve(NormalGaps.gaps(), radius, lower, 1, ProbabilityLoss.exact()));
    }
  },
  KL("KL", "ρ", 5) {
    @Override
    Outcome at(double radius) {
      return Outcome.of(radius, Reweighting.kl(NormalGaps.losses(), radius));
    }
  },
  CHI_SQUARED("χ²", "ρ", 100) {
    @Override
    Outcome at(double radius) {
      return Outcome.of(radius, Reweighting.chiSquared(NormalGaps.losses(), radius));
    }
  },
  CVAR("CVaR", "1 − α", 0.99) {
    @Override
    Outcome at(double radius) {
      return Outcome.of(radius, Reweighting.cvar(NormalGaps.losses(), 1 - radius));
    }
  };

  private static final int HALVINGS = 30;

  private final String label;
  private final String radiusName;
  private final double largest;

  Adversary(String label, String radiusName, double largest) {
    this.label = label;
    this.radiusName = radiusName;
    this.largest = largest;
  }

  /**
   * What an adversary does.
   *
   * @param radius of its ball, in its own unit
   * @param value V
   * @param weights w, relative to DPO, by ascending gap
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never changed
  record Outcome(double radius, double value, double[] weights) {

    private static Outcome of(double radius, WorstCase worst) {
      return new Outcome(
          radius, worst.orElseThrow().value(), worst.weights(LeaderWeighting.ENVELOPE));
    }

    private static Outcome of(double radius, Reweighted worst) {
      return new Outcome(radius, worst.value(), worst.weights());
    }
  }

  abstract Outcome at(double radius);

  String label() {
    return label;
  }

  String radiusName() {
    return radiusName;
  }

  /** What happens at the radius where the exact follower's value at ρ = 0.1 is reached. */
  Outcome atCommonValue() {
    return Objects.requireNonNull(Common.OUTCOMES.get(this));
  }

  /** Computed once, when first asked for. */
  private static final class Common {
    private static final Map<Adversary, Outcome> OUTCOMES = new EnumMap<>(Adversary.class);

    static {
      double value = NormalGaps.exact(NormalGaps.radius(0.1)).value();
      for (Adversary adversary : values()) {
        OUTCOMES.put(adversary, adversary.at(adversary.radiusFor(value)));
      }
    }
  }

  private double radiusFor(double value) {
    double below = 0;
    double above = largest;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = 0.5 * (below + above);
      if (at(middle).value() < value) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return 0.5 * (below + above);
  }
}
