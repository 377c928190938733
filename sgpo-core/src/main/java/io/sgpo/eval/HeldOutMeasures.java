package io.sgpo.eval;

import io.sgpo.dialogue.Prompt;
import io.sgpo.follower.GapLoss;
import io.sgpo.policy.Sampling;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Measure;
import java.util.List;

/**
 * Held-out measures, for {@code Aligner.Builder.heldOut}. Each keeps what the policy at the start
 * gave, so it costs one pass over the held-out data each time. A measure is for one run at a time.
 */
public final class HeldOutMeasures {

  private HeldOutMeasures() {}

  /**
   * Mean logistic loss of the gaps ξ = β (log π(y_w)/π_ref(y_w) − log π(y_l)/π_ref(y_l)), π_ref
   * being the policy at the start: DPO's loss on pairs that are not trained on. At the start log 2.
   *
   * @param pairs labelled pairs, at least one
   * @param beta β {@code > 0}
   */
  public static Measure loss(List<PreferencePair> pairs, double beta) {
    return new HeldOutGaps(
        "held-out.loss", pairs, beta, false, gap -> GapLoss.logistic().value(gap));
  }

  /**
   * The share of the pairs with a gap above 0, half of those at 0 included: at the start ½.
   *
   * @param pairs labelled pairs, at least one
   */
  public static Measure accuracy(List<PreferencePair> pairs) {
    return new HeldOutGaps("held-out.accuracy", pairs, 1, true, gap -> (1 + Math.signum(gap)) / 2);
  }

  /**
   * The win rate of the policy's answers over those of the policy at the start: the share of
   * prompts on which the judge prefers them, ties counting half, over the prompts on which it
   * decided. The mean preference is reported beside it. At the start ½, since both answer alike.
   *
   * <p>Each prompt is one comparison, the policy's answer first: a judge that favours a position
   * has to be asked in both orders, as {@link io.sgpo.judge.BothOrders} does. Answers and
   * comparisons count against the run's budget, the answers at the start once. Where the judge
   * decides nothing since it abstains there is no value, and a warning.
   *
   * @param prompts held-out prompts, at least one
   * @param judge p(y ≻ y' | x)
   * @param sampling how both answer; one sample per prompt
   */
  public static Measure winRate(
      List<? extends Prompt> prompts, PreferenceModel judge, Sampling sampling) {
    return new WinsAgainstStart(List.copyOf(prompts), judge, sampling);
  }

  static void requireSome(String name, List<?> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
  }
}
