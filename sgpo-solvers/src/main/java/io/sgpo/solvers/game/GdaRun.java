package io.sgpo.solvers.game;

import io.sgpo.solvers.game.GdaOptions.FollowerUpdate;
import io.sgpo.solvers.game.GdaOptions.RowWeight;
import io.sgpo.solvers.game.GdaOptions.Schedule;
import io.sgpo.solvers.game.Geometry.Penalty;

/** One run of StackelbergGDA. */
final class GdaRun {

  /** Where both players stand. */
  @SuppressWarnings("ArrayRecordComponent") // internal, mutable on purpose
  private record Players(Mixture leader, Mixture[] rows) {
    static Players blank(int n) {
      return new Players(new Mixture(n), Mixture.rows(n));
    }

    boolean isFinite() {
      boolean finite = leader.isFinite();
      for (Mixture row : rows) {
        finite &= row.isFinite();
      }
      return finite;
    }
  }

  private final int n;
  private final GdaOptions options;
  private final StackelbergTarget target;
  private final PreferenceOracle oracle;
  private final double[][] matrix;
  private final Penalty leaderPenalty;
  private final double followerKl;
  private final double[][] followerLogReference;
  private final double[] gain;
  private final double[] cost;
  private Players now;
  private Players next;
  private final Players middle;

  GdaRun(
      PreferenceGame game,
      KlStrengths strengths,
      GdaOptions options,
      Distribution leader,
      ConditionalPolicy follower) {
    this.n = game.size();
    this.options = options;
    this.target = new StackelbergTarget(game, strengths);
    this.oracle = PreferenceOracle.of(game, options.feedback());
    this.matrix = game.toArray();
    this.leaderPenalty =
        new Penalty(
            strengths.leaderKl(),
            References.logOf(game.leaderReference().toArray(), strengths.leaderKl()));
    this.followerKl = strengths.followerKl();
    this.followerLogReference = game.followerReference().toArray();
    for (int y = 0; y < n; y++) {
      followerLogReference[y] = References.logOf(followerLogReference[y], followerKl);
    }
    this.gain = new double[n];
    this.cost = new double[n];
    this.now = new Players(Mixture.of(leader), start(game, follower));
    this.next = Players.blank(n);
    this.middle = Players.blank(n);
  }

  private Mixture[] start(PreferenceGame game, ConditionalPolicy follower) {
    boolean exact = options.follower() == FollowerUpdate.BEST_RESPONSE;
    return Mixture.rowsOf(exact ? new BestResponse(game, followerKl) : follower);
  }

  StackelbergSolution run() {
    int iteration = 0;
    SolveStatus status = status(certify());
    while (status == SolveStatus.ITERATION_LIMIT && iteration < options.iterations()) {
      iterate(options.leaderRate() / (1 + options.rateDecay() * iteration));
      if (!next.isFinite()) {
        status = SolveStatus.NOT_FINITE;
        break;
      }
      swap();
      iteration++;
      if (iteration % options.checkEvery() == 0 || iteration == options.iterations()) {
        status = status(certify());
      }
    }
    return solution(status, certify(), iteration);
  }

  private SolveStatus status(StackelbergCertificate certificate) {
    return certificate.divergence() <= options.tolerance()
        ? SolveStatus.CONVERGED
        : SolveStatus.ITERATION_LIMIT;
  }

  private void swap() {
    Players before = now;
    now = next;
    next = before;
  }

  private void iterate(double rate) {
    Schedule schedule = options.schedule();
    if (schedule == Schedule.EXTRAGRADIENT) {
      step(now, now, rate, middle);
      step(now, middle, rate, next);
    } else if (schedule == Schedule.ALTERNATING) {
      leaderStep(now, now, oracle.estimate(now.leader.probabilities, now.rows), rate, next);
      if (next.leader.isFinite()) {
        double[][] seen = oracle.estimate(next.leader.probabilities, now.rows);
        followerStep(now, now, next.leader, seen, rate, next);
      }
    } else {
      step(now, now, rate, next);
    }
  }

  /** Both players step from {@code base} by the gradients at {@code at}. */
  private void step(Players base, Players at, double rate, Players to) {
    if (at.isFinite()) {
      double[][] estimate = oracle.estimate(at.leader.probabilities, at.rows);
      leaderStep(base, at, estimate, rate, to);
      followerStep(base, at, at.leader, estimate, rate, to);
    } else {
      to.leader.probabilities[0] = Double.NaN;
    }
  }

  private void leaderStep(Players base, Players at, double[][] p, double rate, Players to) {
    for (int y = 0; y < n; y++) {
      // ∂f/∂π(y) = Σ_y' ω(y'|y) p(y ≻ y') + τ_F KL(ω(·|y) ‖ r_F(·|y)) − τ_L (log π(y)/r(y) + 1)
      gain[y] = at.rows[y].mean(p[y]) + followerPenalty(y, at.rows[y]);
    }
    options.geometry().ascend(base.leader, at.leader, gain, rate, leaderPenalty, to.leader);
  }

  private double followerPenalty(int y, Mixture row) {
    return followerKl * row.kl(followerLogReference[y]);
  }

  private void followerStep(
      Players base, Players at, Mixture leader, double[][] p, double rate, Players to) {
    for (int y = 0; y < n; y++) {
      if (options.follower() == FollowerUpdate.BEST_RESPONSE) {
        to.rows[y] = base.rows[y]; // it does not depend on π
      } else {
        double weight = options.rowWeight() == RowWeight.EQUAL ? 1 : leader.probabilities[y];
        for (int other = 0; other < n; other++) {
          cost[other] = -weight * p[y][other]; // −∂f/∂ω(y'|y), without the penalty
        }
        Penalty penalty = new Penalty(weight * followerKl, followerLogReference[y]);
        double followerRate = rate * options.timescaleRatio(); // η_F = κ η_L
        options
            .geometry()
            .ascend(base.rows[y], at.rows[y], cost, followerRate, penalty, to.rows[y]);
      }
    }
  }

  private StackelbergCertificate certify() {
    double[] seen = new double[n];
    for (int y = 0; y < n; y++) {
      seen[y] = now.rows[y].mean(matrix[y]) + followerPenalty(y, now.rows[y]);
    }
    return target.certify(now.leader.probabilities, seen);
  }

  private StackelbergSolution solution(
      SolveStatus status, StackelbergCertificate certificate, int iterations) {
    return new StackelbergSolution(
        now.leader.toDistribution(),
        Mixture.toPolicy(now.rows),
        target.guaranteed(now.leader.probabilities),
        status,
        certificate,
        StackelbergSolution.Ties.NONE,
        iterations,
        oracle.evaluations(),
        oracle.queries());
  }
}
