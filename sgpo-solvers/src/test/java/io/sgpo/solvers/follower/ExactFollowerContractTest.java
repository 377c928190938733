package io.sgpo.solvers.follower;

import io.sgpo.spi.Follower;

class ExactFollowerContractTest extends FollowerContract {
  @Override
  Follower follower() {
    return new ExactFollower();
  }
}
