package io.sgpo.solvers.follower;

import io.sgpo.follower.GapLoss;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import java.util.List;
import net.jqwik.api.Arbitrary;

class LpFollowerContractTest extends FollowerContract {
  @Override
  Follower follower() {
    return new LpFollower();
  }

  @Override
  List<GapLoss> losses(Instance instance) {
    return List.of(Tangents.uniform(4, instance.lower(), instance.upper()));
  }

  @Override
  boolean reportsTheLowestPrice() {
    return false;
  }

  @Override
  double tolerance() {
    return 1e-8; // ojAlgo meets constraints to about 1e-9
  }

  @Override
  Arbitrary<Instance> instances() {
    return Instance.any().filter(instance -> instance.gaps().length <= 8);
  }
}
