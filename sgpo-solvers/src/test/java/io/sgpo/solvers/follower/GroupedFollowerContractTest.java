package io.sgpo.solvers.follower;

import io.sgpo.spi.Follower;

/** One group that holds all gaps in another order: the contract holds without slack. */
class GroupedFollowerContractTest extends FollowerContract {
  @Override
  Follower follower() {
    return new GroupedFollower(Followers.exact(), 100, 3);
  }
}
