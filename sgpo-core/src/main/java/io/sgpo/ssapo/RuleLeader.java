package io.sgpo.ssapo;

import io.sgpo.follower.LeaderRule;

/**
 * −g by the rule of a follower of {@link LabelledGaps}: −p g(ξ) + (1 − p) g(−ξ). A gap beyond a
 * support that clips has no gradient through the clip, or straight through that of the support's
 * end.
 */
record RuleLeader(LeaderRule rule, LabelledGaps labelled, Support support, boolean straightThrough)
    implements Leader {

  @Override
  public double slope(int pair, double gap, double probability) {
    double own = coefficient(pair, gap);
    return probability == 1
        ? -own
        : -probability * own + (1 - probability) * coefficient(labelled.mirrored(pair), -gap);
  }

  private double coefficient(int atom, double gap) {
    if (!support.clips() || support.holds(gap)) {
      return rule.coefficient(atom, gap);
    }
    return straightThrough ? rule.coefficient(atom, support.clip(gap)) : 0;
  }
}
