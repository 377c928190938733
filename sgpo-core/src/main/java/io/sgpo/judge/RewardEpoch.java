package io.sgpo.judge;

import org.jspecify.annotations.Nullable;

/**
 * What an epoch of a reward model's training came to.
 *
 * @param epoch from 1
 * @param trainingLoss the mean loss of the epoch's pairs as they were trained on, in nats
 * @param heldOut accuracy on the held-out pairs after it, or null if there are none
 * @param best whether no earlier epoch was as accurate; it has been saved then
 */
public record RewardEpoch(
    int epoch, double trainingLoss, @Nullable RewardAccuracy heldOut, boolean best) {}
