package io.sgpo.examples.quickstart;

import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import java.util.List;

/**
 * A preference with cycles: better content wins, and among tones warm beats plain, plain beats
 * grand, grand beats warm, whatever was asked for,
 *
 * <pre>
 * p(y ≻ y' | x) = σ(½ (content(x, y) − content(x, y')) + 2 cycle(tone, tone')),  cycle ∈ {−1, 0, 1}.
 * </pre>
 *
 * No tone is best: of three answers with equal content each loses to another with probability σ(2)
 * ≈ 0.88, so a follower that sees the answer has something to gain. Stateless.
 */
final class CyclicPreference implements PreferenceModel {

  private static final double CONTENT = 0.5;
  private static final double CYCLE = 2;

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    return PreferenceModel.of(c -> probability(c.prompt(), c.first(), c.second()))
        .compare(comparisons);
  }

  /** p(first ≻ second | prompt). */
  static double probability(Prompt prompt, Response first, Response second) {
    Request request = Request.of(prompt);
    Answer left = Answer.read(first.text());
    Answer right = Answer.read(second.text());
    return TruePreference.sigmoid(
        CONTENT * (TruePreference.content(request, left) - TruePreference.content(request, right))
            + CYCLE * left.tone().against(right.tone()));
  }
}
