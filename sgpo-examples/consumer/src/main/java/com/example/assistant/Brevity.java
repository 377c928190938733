package com.example.assistant;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Prefers the shorter answer, the more surely the shorter it is. */
public final class Brevity implements PreferenceModel {

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("judging was interrupted");
    }
    return comparisons.stream().map(Brevity::verdict).toList();
  }

  private static Verdict verdict(Comparison comparison) {
    double longer = comparison.second().text().length() - comparison.first().text().length();
    return Verdict.of(1 / (1 + Math.exp(-longer / 4)));
  }
}
