/** The mathematics of Stackelberg preference games on arrays: losses, followers, statistics. */
module io.sgpo.solvers {
  requires transitive io.sgpo.api;
  requires commons.math3;
  requires ojalgo;

  exports io.sgpo.solvers.follower;
  exports io.sgpo.solvers.game;
  exports io.sgpo.solvers.loss;

  provides io.sgpo.spi.Follower with
      io.sgpo.solvers.follower.ExactFollower;
}
