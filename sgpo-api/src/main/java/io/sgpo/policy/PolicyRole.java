package io.sgpo.policy;

/**
 * Which player moves. A policy may keep weights of its own for each: then {@link Sampling#role}
 * draws with them, an item's role trains them, and either player may be scored.
 */
public enum PolicyRole {
  LEADER,
  FOLLOWER
}
