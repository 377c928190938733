package io.sgpo.ssapo;

import io.sgpo.train.Extent;
import io.sgpo.train.TrainingOptions;
import org.jspecify.annotations.Nullable;

/**
 * How the leader is trained in a round.
 *
 * @param round the round, 0 for the seeds
 * @param pairs which pairs of the table are trained on
 * @param known how many pairs of the table the annotator has not just scored: those before it
 * @param extent how long
 * @param beta β of the gaps
 * @param training how a step is taken
 * @param follower the follower, or null for none
 * @param reference what the gaps refer to
 * @param refinement how labels are refined, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record RoundTraining(
    int round,
    int[] pairs,
    int known,
    Extent extent,
    double beta,
    TrainingOptions training,
    @Nullable GapFollower follower,
    RoundReference reference,
    @Nullable LabelRefinement refinement) {

  /** How many steps; none where there is no pair. */
  int steps() {
    return pairs.length == 0 ? 0 : extent.steps(pairs.length, training.batchSize());
  }

  boolean moves() {
    return reference == RoundReference.ROUND;
  }

  /** Whether all gaps are needed before the first step. */
  boolean scores() {
    return follower != null || moves();
  }
}
