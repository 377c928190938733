/** The mathematics of Stackelberg preference games on arrays: losses, followers, statistics. */
module io.sgpo.solvers {
  requires transitive io.sgpo.api;
  requires org.apache.commons.statistics.distribution;

  exports io.sgpo.solvers.follower;
  exports io.sgpo.solvers.loss;
  exports io.sgpo.solvers.stats;

  provides io.sgpo.spi.Follower with
      io.sgpo.solvers.follower.ExactFollower;
}
