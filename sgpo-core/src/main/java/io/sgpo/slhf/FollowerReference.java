package io.sgpo.slhf;

/** What the follower's KL term is taken against. */
public enum FollowerReference {

  /** ω_ref(y' | x, y): the reference given what the follower saw. The default. */
  FOLLOWER_PROMPT,

  /**
   * π_ref(y' | x): the leader's reference given the prompt alone, so that the follower is held near
   * what would have been said had it seen no answer.
   */
  LEADER_PROMPT
}
