package io.sgpo.solvers.follower;

import io.sgpo.spi.Follower;

class PrimalDualFollowerContractTest extends FollowerContract {
  @Override
  Follower follower() {
    return new PrimalDualFollower();
  }
}
