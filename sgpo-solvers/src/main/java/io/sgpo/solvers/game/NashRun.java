package io.sgpo.solvers.game;

import io.sgpo.solvers.game.Geometry.Penalty;
import java.util.Arrays;

/** One run of mirror descent towards the regularised Nash policy. */
final class NashRun {
  private final int n;
  private final NashOptions options;
  private final PreferenceOracle oracle;
  private final NashGap gap;
  private final Penalty penalty;
  private final Penalty none;
  private final Mixture[] opponents;
  private final double[] gain;
  private final Mixture ahead;
  private Mixture now;
  private Mixture next;
  private boolean looked;

  NashRun(PreferenceGame game, double kl, NashOptions options, Distribution start) {
    this.n = game.size();
    this.options = options;
    this.oracle = PreferenceOracle.of(game, options.feedback());
    this.gap = new NashGap(game, kl);
    this.penalty = new Penalty(kl, References.logOf(game.leaderReference().toArray(), kl));
    this.none = new Penalty(0, new double[n]);
    this.opponents = new Mixture[n];
    this.gain = new double[n];
    this.ahead = new Mixture(n);
    this.now = Mixture.of(start);
    this.next = new Mixture(n);
  }

  NashSolution run() {
    double certificate = gap.of(now.probabilities);
    SolveStatus status = status(certificate);
    int iteration = 0;
    while (status == SolveStatus.ITERATION_LIMIT && iteration < options.iterations()) {
      iterate(options.rate() / (1 + options.rateDecay() * iteration));
      if (!next.isFinite()) {
        status = SolveStatus.NOT_FINITE;
        certificate = gap.of(now.probabilities);
        break;
      }
      swap();
      iteration++;
      if (iteration % options.checkEvery() == 0 || iteration == options.iterations()) {
        certificate = gap.of(now.probabilities);
        status = status(certificate);
      }
    }
    return new NashSolution(
        now.toDistribution(),
        (1 - certificate) / 2,
        status,
        certificate,
        iteration,
        oracle.evaluations(),
        oracle.queries());
  }

  private SolveStatus status(double certificate) {
    return certificate <= options.tolerance() ? SolveStatus.CONVERGED : SolveStatus.ITERATION_LIMIT;
  }

  private void swap() {
    Mixture before = now;
    now = next;
    next = before;
  }

  private void iterate(double rate) {
    switch (options.method()) {
      case MIRROR_DESCENT -> {
        observe(now, now);
        mirror(now, rate, penalty, next);
      }
      case NASH_MD -> {
        Arrays.fill(gain, 0);
        mirror(now, rate, penalty, ahead); // μ ∝ π^{1−ητ} r^{ητ}
        observe(now, ahead);
        mirror(ahead, rate, none, next); // π⁺ ∝ μ exp(η p(· ≻ μ))
      }
      case OPTIMISTIC -> {
        if (!looked) {
          observe(now, now);
          looked = true;
        }
        lookAhead(rate);
      }
      case EXTRAGRADIENT -> {
        observe(now, now);
        lookAhead(rate);
      }
    }
  }

  /** A step by the gain at hand to μ, then the step proper by the gain against μ. */
  private void lookAhead(double rate) {
    mirror(now, rate, penalty, ahead);
    if (ahead.isFinite()) {
      observe(ahead, ahead);
    }
    mirror(now, rate, penalty, next);
  }

  private void mirror(Mixture base, double rate, Penalty towards, Mixture to) {
    Geometry.ENTROPIC.ascend(base, base, gain, rate, towards, to);
  }

  /** Fills the gain p(y ≻ μ), as far as the feedback shows it. */
  private void observe(Mixture policy, Mixture opponent) {
    Arrays.fill(opponents, opponent);
    double[][] p = oracle.estimate(policy.probabilities, opponents);
    for (int y = 0; y < n; y++) {
      gain[y] = opponent.mean(p[y]);
    }
  }
}
