package io.sgpo.ssapo;

import io.sgpo.run.Metric;

/** Why prompts gave no pair: the parts of {@link io.sgpo.run.Metrics#DROPPED}. */
public final class AnnotationMetrics {

  /** Prompts with fewer than two responses that were not empty. */
  public static final Metric DROPPED_EMPTY =
      new Metric("dropped.empty", "prompts", "fewer than two responses not empty");

  /** Prompts whose responses were all the same. */
  public static final Metric DROPPED_EQUAL_TEXT =
      new Metric("dropped.equal-text", "prompts", "all responses the same");

  /** Prompts whose best and worst response scored the same. */
  public static final Metric DROPPED_EQUAL_SCORE =
      new Metric("dropped.equal-score", "prompts", "best and worst score equal");

  /** Prompts of which the judge scored fewer than two responses. */
  public static final Metric DROPPED_UNJUDGED =
      new Metric("dropped.unjudged", "prompts", "fewer than two responses judged");

  private AnnotationMetrics() {}
}
