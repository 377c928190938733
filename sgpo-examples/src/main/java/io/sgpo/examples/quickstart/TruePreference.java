package io.sgpo.examples.quickstart;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.List;

/**
 * The preference that the task is about: Bradley–Terry on a score that a rubric gives,
 *
 * <pre>
 * p(y ≻ y' | x) = σ(2 (score(x, y) − score(x, y')))
 * score = 4 min(right, n)/n − ½ (right − n)⁺ − ¾ wrong − ½ strays + [tone as asked] − [not closed]
 * </pre>
 *
 * with n the number of items asked for, right the distinct items wanted, wrong all other items
 * named. The best score is 5. Stateless.
 */
final class TruePreference implements PreferenceModel {

  static final double BEST_SCORE = 5;

  private static final double SHARPNESS = 2;
  private static final double COMPLETE = 4;
  private static final double SURPLUS = 0.5;
  private static final double WRONG = 0.75;
  private static final double STRAY = 0.5;
  private static final double TONE = 1;
  private static final double UNCLOSED = 1;

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    return PreferenceModel.of(c -> probability(c.prompt(), c.first(), c.second()))
        .compare(comparisons);
  }

  /** p(first ≻ second | prompt). */
  static double probability(Prompt prompt, Response first, Response second) {
    return sigmoid(SHARPNESS * (score(prompt, first) - score(prompt, second)));
  }

  /** The score of a response to a prompt of the language. */
  static double score(Prompt prompt, Response response) {
    return score(Request.of(prompt), Answer.read(response.text()));
  }

  static double score(Request request, Answer answer) {
    return content(request, answer) + (answer.tone() == request.tone() ? TONE : 0);
  }

  /** The part of the score that does not depend on the tone; at most 4. */
  static double content(Request request, Answer answer) {
    int right = answer.right(request);
    return COMPLETE * Math.min(right, request.count()) / request.count()
        - SURPLUS * Math.max(right - request.count(), 0)
        - WRONG * answer.wrong(request)
        - STRAY * answer.strays()
        - (answer.closed() ? 0 : UNCLOSED);
  }

  /** σ(x) = 1 / (1 + e^−x), exact to rounding in both tails. */
  static double sigmoid(double x) {
    double tail = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
  }
}
