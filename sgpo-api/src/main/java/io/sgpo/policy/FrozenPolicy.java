package io.sgpo.policy;

/** A policy whose weights never change: π_ref. */
public interface FrozenPolicy extends Policy {

  /** A hash of the weights: equal for equal weights, whatever holds them. */
  String digest();
}
