package io.sgpo.slhf;

import io.sgpo.dialogue.Exchange;
import io.sgpo.policy.LogProbs;

/**
 * One judged round of the game.
 *
 * @param leader the prompt and the leader's answer y
 * @param follower the follower's prompt and its answer y'
 * @param preference p(y ≻ y' | x)
 * @param leaderReference log π_ref of y's tokens
 * @param followerReference log ω_ref of the tokens of y'
 */
record Play(
    Exchange leader,
    Exchange follower,
    double preference,
    LogProbs leaderReference,
    LogProbs followerReference) {}
