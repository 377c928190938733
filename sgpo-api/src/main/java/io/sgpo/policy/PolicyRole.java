package io.sgpo.policy;

/** Which player's move a training item is; a policy may keep an adapter of its own for each. */
public enum PolicyRole {
  LEADER,
  FOLLOWER
}
