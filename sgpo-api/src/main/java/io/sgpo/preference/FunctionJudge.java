package io.sgpo.preference;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** A judge that is a function of one comparison. */
final class FunctionJudge implements PreferenceModel {

  private final String identity;
  private final ToDoubleFunction<Comparison> probability;

  FunctionJudge(String identity, ToDoubleFunction<Comparison> probability) {
    this.identity = Objects.requireNonNull(identity, "identity");
    this.probability = Objects.requireNonNull(probability, "probability");
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    List<Verdict> verdicts = new ArrayList<>(comparisons.size());
    for (Comparison comparison : comparisons) {
      verdicts.add(Verdict.of(probability.applyAsDouble(comparison)));
    }
    return List.copyOf(verdicts);
  }
}
