package io.sgpo.run;

/** The metrics of the engines in this library. An engine of one's own may add others. */
public final class Metrics {

  /** Mean training loss over the round's steps. */
  public static final Metric LOSS = new Metric("loss", "nat", "mean loss over the round's steps");

  /** Mean gap of the pairs, ξ. */
  public static final Metric GAP_MEAN =
      new Metric("gap.mean", "nat", "mean of r(x, y_w) - r(x, y_l)");

  /** Smallest gap. */
  public static final Metric GAP_MIN = new Metric("gap.min", "nat", "min of the gaps");

  /** Gap that a twentieth of the pairs lie below. */
  public static final Metric GAP_LOWER_TAIL =
      new Metric("gap.q05", "nat", "5 % quantile of the gaps");

  /** Gap that a quarter of the pairs lie below. */
  public static final Metric GAP_LOWER_QUARTILE =
      new Metric("gap.q25", "nat", "25 % quantile of the gaps");

  /** Median gap. */
  public static final Metric GAP_MEDIAN = new Metric("gap.median", "nat", "median of the gaps");

  /** Gap that a quarter of the pairs lie above. */
  public static final Metric GAP_UPPER_QUARTILE =
      new Metric("gap.q75", "nat", "75 % quantile of the gaps");

  /** Gap that a twentieth of the pairs lie above. */
  public static final Metric GAP_UPPER_TAIL =
      new Metric("gap.q95", "nat", "95 % quantile of the gaps");

  /** Largest gap. */
  public static final Metric GAP_MAX = new Metric("gap.max", "nat", "max of the gaps");

  /** Share of pairs that the policy ranks as labelled. */
  public static final Metric GAP_ACCURACY = new Metric("gap.accuracy", "1", "share of gaps > 0");

  /** Mean log-probability of the chosen responses. */
  public static final Metric CHOSEN_LOG_PROB =
      new Metric("chosen.log-prob", "nat", "mean of log pi(y_w | x)");

  /** Mean log-probability of the rejected responses. */
  public static final Metric REJECTED_LOG_PROB =
      new Metric("rejected.log-prob", "nat", "mean of log pi(y_l | x)");

  /** How far the chosen responses' likelihood moved from the reference's. */
  public static final Metric CHOSEN_SHIFT =
      new Metric("chosen.shift", "nat", "mean of log pi(y_w | x) - log pi_ref(y_w | x)");

  /** How far the rejected responses' likelihood moved from the reference's. */
  public static final Metric REJECTED_SHIFT =
      new Metric("rejected.shift", "nat", "mean of log pi(y_l | x) - log pi_ref(y_l | x)");

  /** Mean length of the chosen responses trained on. */
  public static final Metric CHOSEN_LENGTH =
      new Metric("chosen.length", "tokens", "mean tokens of y_w over the round's steps");

  /** Mean length of the rejected responses trained on. */
  public static final Metric REJECTED_LENGTH =
      new Metric("rejected.length", "tokens", "mean tokens of y_l over the round's steps");

  /**
   * Mean log-ratio of the responses that self-annotation drew: an estimate of KL(π ‖ π_ref) where
   * they are drawn at temperature 1, else one of it under the tempered policy.
   */
  public static final Metric LOG_RATIO =
      new Metric("response.log-ratio", "nat", "mean of log pi(y | x) - log pi_ref(y | x)");

  /** Share of trained labels that were smoothed because the policy doubts them. */
  public static final Metric SMOOTHED_SHARE =
      new Metric("label.smoothed", "1", "smoothed over trained pairs");

  /** The margin below which a label is doubted. */
  public static final Metric DOUBT_THRESHOLD =
      new Metric("label.threshold", "nat", "tau at the end of the round");

  /** Radius of the ambiguity set in force, on the scale of margins. */
  public static final Metric EPSILON = new Metric("follower.epsilon", "nat", "epsilon");

  /** Radius of the ambiguity set in force, on the scale of probabilities. */
  public static final Metric EPSILON_PROBABILITY =
      new Metric("follower.epsilon-probability", "probability", "epsilon, of p = sigmoid(gap)");

  /** Radius relative to the largest useful one, on the scale of the radius. */
  public static final Metric SATURATION =
      new Metric("follower.saturation", "1", "epsilon / (mean gap - a), or (mean p - a)");

  /** Dual price of the radius, on the scale of margins. */
  public static final Metric DUAL_PRICE =
      new Metric("follower.dual-price", "1", "lambda* = dV/d epsilon");

  /** Dual price of the radius, on the scale of probabilities. */
  public static final Metric DUAL_PRICE_PROBABILITY =
      new Metric(
          "follower.dual-price-probability",
          "nat / probability",
          "lambda* = dV/d epsilon, of p = sigmoid(gap)");

  /** Worst-case expected loss. */
  public static final Metric ROBUST_VALUE = new Metric("follower.value", "nat", "V(epsilon)");

  /** How far the tangents that were solved for are below the loss; only with tangents. */
  public static final Metric SURROGATE_GAP =
      new Metric("follower.surrogate-gap", "nat", "max of loss - tangents on [a, b]");

  /** Share of the pairs' mass that the follower moved. */
  public static final Metric MOVED_SHARE = new Metric("follower.moved", "1", "mean of m_i");

  /** Share of the gaps that a support by quantiles clips. */
  public static final Metric CLIPPED_SHARE =
      new Metric("follower.clipped", "1", "share of gaps beyond [a, b]");

  /**
   * Smallest weight: the leader's slope over that of the loss without a follower, of the pairs
   * where the latter is not 0. With a loss that rises again it may be negative.
   */
  public static final Metric WEIGHT_MIN = new Metric("weight.min", "1", "min of w_i");

  /** Mean weight. */
  public static final Metric WEIGHT_MEAN = new Metric("weight.mean", "1", "mean of w_i");

  /** Largest weight. */
  public static final Metric WEIGHT_MAX = new Metric("weight.max", "1", "max of w_i");

  /** Effective sample size relative to the number of pairs. */
  public static final Metric EFFECTIVE_SAMPLE_SHARE =
      new Metric("weight.ess", "1", "(sum w)^2 / (N sum w^2)");

  /** Pairs that the leader is trained on. */
  public static final Metric PAIRS = new Metric("pairs", "pairs", "seed plus annotated pairs");

  /** Self-annotated pairs of the round. */
  public static final Metric ANNOTATED = new Metric("annotated", "pairs", "new pairs kept");

  /** Prompts whose samples gave no pair. */
  public static final Metric DROPPED =
      new Metric("dropped", "prompts", "equal, empty, tied or unjudged samples");

  /** Training steps of the round. */
  public static final Metric STEPS = new Metric("steps", "steps", "optimizer steps");

  /** Mean preference for the leader's answer over the follower's. */
  public static final Metric LEADER_PREFERENCE =
      new Metric("slhf.leader-preference", "1", "mean of p(y > y' | x)");

  /** Mean preference for the follower's answer over the leader's. */
  public static final Metric FOLLOWER_PREFERENCE =
      new Metric("slhf.follower-preference", "1", "mean of 1 - p(y > y' | x)");

  /** KL estimate of the leader to the reference. */
  public static final Metric LEADER_KL =
      new Metric("slhf.leader-kl", "nat", "mean of log pi(y|x) - log pi_ref(y|x)");

  /** KL estimate of the follower to the reference. */
  public static final Metric FOLLOWER_KL =
      new Metric("slhf.follower-kl", "nat", "mean of log omega(y'|x,y) - log omega_ref(y'|x,y)");

  /** Verdicts of ½. */
  public static final Metric TIES = new Metric("judge.ties", "verdicts", "p = 1/2");

  /** Abstentions of the judge. */
  public static final Metric ABSTENTIONS =
      new Metric("judge.abstentions", "verdicts", "no decision");

  /** Failures of the judge. */
  public static final Metric FAILURES = new Metric("judge.failures", "verdicts", "no answer");

  /** Mean preference for the policy's held-out answers over those of the start. */
  public static final Metric HELD_OUT_PREFERENCE =
      new Metric("held-out.preference", "1", "mean of p(y > y_start | x)");

  /** Mean length of sampled responses. */
  public static final Metric RESPONSE_LENGTH =
      new Metric("response.length", "tokens", "mean tokens per sampled response");

  private Metrics() {}
}
