/** Contracts and values of sgpo; no third-party code but nullness annotations. */
module io.sgpo.api {
  requires static transitive org.jspecify;

  exports io.sgpo;
  exports io.sgpo.dialogue;
  exports io.sgpo.follower;
  exports io.sgpo.policy;
  exports io.sgpo.preference;
  exports io.sgpo.run;
  exports io.sgpo.spi;

  uses io.sgpo.spi.AlignmentEngine;
  uses io.sgpo.spi.Follower;
  uses io.sgpo.spi.RunStore.Provider;
}
