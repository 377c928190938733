package io.sgpo.judge;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes a judge that may favour a position symmetric: every comparison is put in both orders, p₁
 * with y first and p₂ with y' first, and p(y ≻ y') = ½ + (p₁ − p₂) / 2, so that p(y ≻ y') + p(y' ≻
 * y) = 1. Equal questions of a call are asked once. If one order fails the comparison fails; else
 * if one abstains, it abstains. As thread-safe as the judge.
 */
public final class BothOrders implements PreferenceModel {

  /** What becomes of a comparison in which each order favours the other response. */
  public enum Contradiction {
    /** The mean of both orders, as for any other comparison. */
    AVERAGE,
    /** An abstention: the judge saw positions and not responses. */
    ABSTAIN
  }

  private final PreferenceModel judge;
  private final Contradiction contradiction;

  private BothOrders(PreferenceModel judge, Contradiction contradiction) {
    this.judge = judge;
    this.contradiction = contradiction;
  }

  /** A symmetric judge. */
  public static BothOrders of(PreferenceModel judge, Contradiction contradiction) {
    return new BothOrders(
        Objects.requireNonNull(judge, "judge"),
        Objects.requireNonNull(contradiction, "contradiction"));
  }

  Contradiction contradiction() {
    return contradiction;
  }

  @Override
  public String identity() {
    return "both orders (" + contradiction + ") of " + judge.identity();
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    Set<Comparison> both = new LinkedHashSet<>();
    for (Comparison comparison : comparisons) {
      both.add(comparison);
      both.add(reversed(comparison));
    }
    Iterator<Verdict> answers = Verdicts.of(judge, List.copyOf(both)).iterator();
    Map<Comparison, Verdict> answered = new HashMap<>();
    both.forEach(comparison -> answered.put(comparison, answers.next()));
    List<Verdict> verdicts = new ArrayList<>(comparisons.size());
    for (Comparison comparison : comparisons) {
      Verdict forward = Objects.requireNonNull(answered.get(comparison));
      verdicts.add(verdict(forward, Objects.requireNonNull(answered.get(reversed(comparison)))));
    }
    return List.copyOf(verdicts);
  }

  @SuppressWarnings("ArgumentSelectionDefectChecker") // the exchange is the point
  private static Comparison reversed(Comparison comparison) {
    return new Comparison(comparison.prompt(), comparison.second(), comparison.first());
  }

  private Verdict verdict(Verdict forward, Verdict backward) {
    for (Verdict verdict : List.of(forward, backward)) {
      if (verdict instanceof Verdict.Failure) {
        return verdict;
      }
    }
    if (forward instanceof Verdict.Preference one && backward instanceof Verdict.Preference other) {
      return verdict(one.probability(), other.probability());
    }
    return forward instanceof Verdict.Abstention ? forward : backward;
  }

  private Verdict verdict(double forward, double backward) {
    boolean contradicts = (forward - 0.5) * (backward - 0.5) > 0;
    if (contradicts && contradiction == Contradiction.ABSTAIN) {
      return new Verdict.Abstention(
          "the orders contradict each other: %s is preferred with p = %s and with p = %s"
              .formatted(
                  forward > 0.5 ? "the first response" : "the second response",
                  Math.max(forward, 1 - forward),
                  Math.max(backward, 1 - backward)));
    }
    return Verdict.of(0.5 + (forward - backward) / 2);
  }
}
