package io.sgpo.spi;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase;

/**
 * Solves the inner problem of SGPO. Implementations are stateless and thread-safe; those listed as
 * services of this type are found by name.
 */
public interface Follower {

  /** The name by which {@code Aligner.Builder.follower(String)} finds it, such as {@code exact}. */
  String name();

  /**
   * The name with the parameters on which its answers depend, such as {@code
   * entropic(temperature=0.01, points=16)}; compared when a run is resumed. The name alone unless
   * overridden.
   */
  default String description() {
    return name();
  }

  /**
   * The worst case of the gaps within the ambiguity set.
   *
   * @param gaps ξ_1..ξ_N, {@code N >= 1}, each finite and inside the support; not modified
   * @param ambiguity radius, support and loss
   * @throws IllegalArgumentException for empty input, a gap that is not finite or not in the
   *     support (naming its index)
   */
  WorstCase solve(double[] gaps, Ambiguity ambiguity);

  /**
   * The worst case of gaps in single precision: the same answer as for the widened gaps.
   *
   * <p>Widens into one working copy, unless a follower overrides it.
   *
   * @param gaps as above; not modified
   * @param ambiguity radius, support and loss
   * @throws IllegalArgumentException as above
   */
  default WorstCase solve(float[] gaps, Ambiguity ambiguity) {
    double[] widened = new double[gaps.length];
    for (int i = 0; i < gaps.length; i++) {
      widened[i] = gaps[i];
    }
    return solve(widened, ambiguity);
  }
}
