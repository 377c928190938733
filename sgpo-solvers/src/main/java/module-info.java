/** The mathematics of Stackelberg preference games on arrays: losses, followers, statistics. */
module io.sgpo.solvers {
  requires transitive io.sgpo.api;
  requires org.apache.commons.statistics.distribution;
  requires ojalgo;

  exports io.sgpo.solvers.follower;
  exports io.sgpo.solvers.game;
  exports io.sgpo.solvers.loss;
  exports io.sgpo.solvers.selection;
  exports io.sgpo.solvers.stats;

  provides io.sgpo.spi.Follower with
      io.sgpo.solvers.follower.EntropicFollower,
      io.sgpo.solvers.follower.ExactFollower,
      io.sgpo.solvers.follower.GroupedFollower,
      io.sgpo.solvers.follower.LpFollower,
      io.sgpo.solvers.follower.PrimalDualFollower;
}
