package io.sgpo.examples.pages;

import io.sgpo.dialogue.Response;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;

/** Prefers the answer that names more sources; of equal ones the shorter, less surely. */
// begin: judge
public final class SourceJudge implements PreferenceModel {

  private static final Pattern SOURCE = Pattern.compile("\\[\\d+\\]");
  private static final int TOO_LONG = 100_000;

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    List<Verdict> verdicts = new ArrayList<>(comparisons.size());
    for (Comparison comparison : comparisons) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("judging was interrupted"); // the status stays set
      }
      verdicts.add(compare(comparison.first(), comparison.second()));
    }
    return verdicts;
  }

  private static Verdict compare(Response first, Response second) {
    if (first.text().length() > TOO_LONG || second.text().length() > TOO_LONG) {
      return new Verdict.Abstention("too long to be read"); // never a tie
    }
    if (first.text().isBlank() && second.text().isBlank()) {
      return new Verdict.Abstention("nothing was said");
    }
    long sources = sources(first) - sources(second);
    long length = (long) second.text().length() - first.text().length();
    return Verdict.of(sigmoid(2.0 * sources + 0.05 * length)); // p + p' = 1 by symmetry
  }

  private static long sources(Response response) {
    return SOURCE.matcher(response.text()).results().map(found -> found.group()).distinct().count();
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }
}
// end
