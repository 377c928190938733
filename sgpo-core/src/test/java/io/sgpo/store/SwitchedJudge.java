package io.sgpo.store;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.ssapo.TinyWorld;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;

/** The judge of the world, which fails at all that it is asked in some calls. */
final class SwitchedJudge implements PreferenceModel {

  private static final PreferenceModel WORLD = TinyWorld.judge();

  private final IntPredicate down;
  private int calls;

  /**
   * @param down whether it fails, by the number of the call from 0
   */
  SwitchedJudge(IntPredicate down) {
    this.down = down;
  }

  static SwitchedJudge up() {
    return new SwitchedJudge(call -> false);
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    return down.test(calls++)
        ? Collections.nCopies(comparisons.size(), new Verdict.Failure("outage " + (calls - 1)))
        : WORLD.compare(comparisons);
  }

  /** How often it was asked. */
  int calls() {
    return calls;
  }
}
