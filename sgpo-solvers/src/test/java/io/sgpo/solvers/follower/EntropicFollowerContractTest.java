package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;
import io.sgpo.spi.Follower;

/** Within T log M below and T log 2 above the Wasserstein ball. */
class EntropicFollowerContractTest extends FollowerContract {
  private static final double TEMPERATURE = 0.05;
  private static final int POINTS = 4;

  @Override
  Follower follower() {
    return new EntropicFollower(TEMPERATURE, POINTS);
  }

  @Override
  double below(Instance instance, GapLoss loss) {
    return TEMPERATURE * Math.log(POINTS);
  }

  @Override
  double above() {
    return TEMPERATURE * Math.log(2);
  }

  @Override
  boolean reportsTheLowestPrice() {
    return false;
  }

  @Override
  double tolerance() {
    return 1e-10;
  }
}
